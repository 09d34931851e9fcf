/**
 * Second half of `npm run build:server`: puts the portal and its command line, with the packages that they always load, into
 * a few files. A start then reads a dozen files instead of 2,500, in half of the time and with less memory. Threads, Lua
 * scripts and the modules that tests import stay as the compiler wrote them.
 */
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
/** Stands for `import.meta.url` until it is known in which file a module ends up. */
const MARK = '__urlOfModule';
/** Optional parts of packages, which are not installed; and what loads files of its own package. */
const EXTERNAL = [
  /^@nestjs\/(?:cache-manager|microservices|platform-express|websockets)/,
  /^@fastify\/(?:multipart|view)$/,
  /^@electric-sql\/pglite/,
  /^class-transformer/,
  /^pg-native$/,
];

/** Keeps `import.meta.url` the address of the module's own file: scripts and threads are found beside it. */
const ownUrls = {
  name: 'own-urls',
  transform(code, id) {
    if (!id.startsWith(DIST) || !code.includes('import.meta.url')) return null;
    const path = JSON.stringify(relative(DIST, id).replaceAll('\\', '/'));
    return code.replaceAll('import.meta.url', `${MARK}(${path})`);
  },
  renderChunk(code, { fileName }) {
    return code.replaceAll(new RegExp(`${MARK}\\("([^"]+)"\\)`, 'g'), (_, path) => {
      const from = posix.relative(posix.dirname(fileName), path);
      return `new URL(${JSON.stringify(from.startsWith('.') ? from : `./${from}`)}, import.meta.url).href`;
    });
  },
};

const bundle = await rolldown({
  input: { main: join(DIST, 'main.js'), cli: join(DIST, 'cli.js') },
  platform: 'node',
  external: EXTERNAL,
  plugins: [ownUrls],
  // Decorators register what nothing else refers to.
  treeshake: false,
  logLevel: 'warn',
});
await bundle.write({
  dir: DIST,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'bundle/[name]-[hash].js',
  // Nest names schemas, providers and log lines after classes.
  keepNames: true,
});
await bundle.close();
