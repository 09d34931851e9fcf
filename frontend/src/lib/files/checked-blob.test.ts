/** @jest-environment node */
import { describe, expect, it } from '@jest/globals';
import { createCheckedBlob, FileChangedError, FileUnreadableError, SEGMENT_BYTES } from './checked-blob';

const bytesOf = (length: number, fill = 0) => new Uint8Array(length).map((_, at) => (at * 31 + fill) & 0xff);
const memory = () => new Map<number, string>();
const LONG = 2 * SEGMENT_BYTES + 100;

it.each([
  [0, 10],
  [SEGMENT_BYTES - 5, SEGMENT_BYTES + 5],
  [0, LONG],
  [LONG - 1, LONG + 50],
  [5, 5],
])('gives exactly what the blob holds from %d to %d', async (start, end) => {
  const bytes = bytesOf(LONG);
  const read = await createCheckedBlob(new Blob([bytes]), memory()).read(start, end);
  expect(Buffer.from(read).equals(bytes.subarray(start, end))).toBe(true);
});

describe('bytes that were read before', () => {
  it('are remembered before they are returned', async () => {
    const known = memory();
    await createCheckedBlob(new Blob([bytesOf(LONG)]), known).read(SEGMENT_BYTES, SEGMENT_BYTES + 1);
    expect([...known.keys()]).toEqual([1]);
  });

  it('are refused when they have changed, by one byte far from the place', async () => {
    const known = memory();
    await createCheckedBlob(new Blob([bytesOf(LONG)]), known).read(0, 1);
    const changed = bytesOf(LONG);
    changed[SEGMENT_BYTES - 1] = 255 - (changed[SEGMENT_BYTES - 1] ?? 0);
    const blob = createCheckedBlob(new Blob([changed]), known);
    await expect(blob.read(0, 1)).rejects.toThrow(FileChangedError);
    await expect(blob.read(0, 1)).rejects.toThrow(FileChangedError);
    await expect(blob.verify()).rejects.toThrow(FileChangedError);
    expect((await blob.read(SEGMENT_BYTES, SEGMENT_BYTES + 1)).length).toBe(1);
  });

  it('are compared as a whole, with progress', async () => {
    const known = memory();
    await createCheckedBlob(new Blob([bytesOf(LONG)]), known).read(0, LONG);
    const seen: number[] = [];
    await createCheckedBlob(new Blob([bytesOf(LONG)]), known).verify((done) => seen.push(done));
    expect(seen).toEqual([1 / 3, 2 / 3, 1]);
  });

  it('can be refused the waiting for', async () => {
    const known = memory();
    const blob = createCheckedBlob(new Blob([bytesOf(10)]), known);
    await blob.read(0, 1);
    await expect(blob.verify(undefined, AbortSignal.abort())).rejects.toThrow('abort');
  });
});

it("remembers the same without the browser's own hash, as on plain http", async () => {
  const [native, plain] = [memory(), memory()];
  const bytes = bytesOf(1_000_000);
  await createCheckedBlob(new Blob([bytes]), native).read(0, 1);
  const subtle = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(crypto), 'subtle') ?? {};
  Object.defineProperty(crypto, 'subtle', { configurable: true, value: undefined });
  try {
    await createCheckedBlob(new Blob([bytes]), plain).read(0, 1);
  } finally {
    Object.defineProperty(crypto, 'subtle', subtle);
  }
  expect(plain).toEqual(native);
  expect(plain.get(0)).toHaveLength(43);
});

it('says so when the browser cannot read the file any more', async () => {
  const blob = new Blob(['x']);
  const gone = Object.assign(blob, {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  });
  const checked = createCheckedBlob(gone as unknown as Blob, memory());
  await expect(checked.read(0, 1)).rejects.toThrow(FileUnreadableError);
});
