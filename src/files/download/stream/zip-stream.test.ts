import { describe, expect, it } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';

import { gather } from '../../../../test/support/chunk-kit.js';
import { zipLength, zipped, type ZipEntry } from './zip-stream.js';

interface Watched extends ZipEntry {
  readonly states: string[];
}

function entry(name: string, content: Uint8Array, pieces = 3): Watched {
  const states: string[] = [];
  return {
    name,
    size: content.length,
    states,
    async *open() {
      states.push('opened');
      try {
        const step = Math.max(1, Math.ceil(content.length / pieces));
        for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step);
      } finally {
        states.push('closed');
      }
    },
  };
}

const AT = Date.UTC(2026, 1, 3, 12, 30, 8);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('zipped', () => {
  it('makes an archive that another implementation reads, of the computed length', async () => {
    const entries = [
      entry('a.txt', text('hello')),
      entry('empty', text('')),
      entry('🔑 Größe.bin', new Uint8Array(200_000).fill(7)),
    ];
    const bytes = await gather(zipped(entries, AT));
    expect(bytes.length).toBe(zipLength(entries));
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true });
    const read: Record<string, Buffer> = {};
    for await (const each of zip.eachEntry()) {
      expect(each.compressionMethod).toBe(0);
      read[each.fileName] = await gather(await zip.openReadStreamPromise(each));
    }
    expect(Object.keys(read)).toEqual(['a.txt', 'empty', '🔑 Größe.bin']);
    expect(read['a.txt']?.toString()).toBe('hello');
    expect(read['empty']?.length).toBe(0);
    expect(read['🔑 Größe.bin']?.equals(Buffer.alloc(200_000, 7))).toBe(true);
    expect(entries.map(({ states }) => states)).toEqual(entries.map(() => ['opened', 'closed']));
  });

  it('is the same archive each time', async () => {
    const make = () => gather(zipped([entry('a', text('1')), entry('b', text('2'))], AT));
    expect((await make()).equals(await make())).toBe(true);
  });

  it('closes the current file when the reader stops, and opens no other', async () => {
    const entries = [entry('a', new Uint8Array(1_000), 100), entry('b', text('2'))];
    const archive = zipped(entries, AT);
    for (let n = 0; n < 10; n++) await archive.next();
    await archive.return();
    expect(entries.map(({ states }) => states)).toEqual([['opened', 'closed'], []]);
  });

  it('fails with the error of its source', async () => {
    const broken: ZipEntry = {
      name: 'b',
      size: 10,
      async *open() {
        yield text('12345');
        throw new RangeError('no more');
      },
    };
    const ended = gather(zipped([entry('a', text('1')), broken], AT));
    await expect(ended).rejects.toThrow(RangeError);
  });

  it('computes the length of archives beyond 4 GiB', () => {
    const size = 5 * 2 ** 30;
    // zip64: 8 more bytes in the descriptor, 28 in the central entry, 76 at the end.
    expect(zipLength([{ name: 'a', size }])).toBe(30 + 1 + size + 24 + 46 + 1 + 28 + 76 + 22);
  });
});
