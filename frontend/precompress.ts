import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fonts are compressed already; below this size (bytes) the headers cost more than is saved. */
const WORTH_IT = { name: /\.(js|css|html|svg)$/, bytes: 1_024 };

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Leaves a .br and a .gz beside every text file, compressed as far as it goes; the server sends them as they are. */
export function precompress(): Plugin {
  return {
    name: 'burnbag:precompress',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const files = Object.values(bundle).map((file) => ({
          fileName: file.fileName,
          source: Buffer.from(file.type === 'chunk' ? file.code : file.source),
        }));
        const worthIt = files.filter(
          ({ fileName, source }) => WORTH_IT.name.test(fileName) && source.length >= WORTH_IT.bytes,
        );
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        const pack = async ({ fileName, source }: (typeof files)[number]) => {
          const [br, gz] = await Promise.all([brotli(source, best), zip(source, { level: 9 })]);
          this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: br });
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gz });
        };
        await Promise.all(worthIt.map(pack));
      },
    },
  };
}
