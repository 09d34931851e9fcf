import { once } from 'node:events';
import { BlobNotFoundError } from '../../src/files/store/blob-store.errors.js';
import { border, patternBytes } from './blob-kit.js';
import { blobBench, entriesOf, putBlob, type BlobPlace } from './blob-place.js';
import { digest, gather } from './chunk-kit.js';

const id = '00ab5c0123456789abcdef0123456789';
const other = 'ffab5c0123456789abcdef0123456789';

/** What every blob store promises of deleting and of its list. @param rounds how often a race is tried */
export function itSweepsBlobs(newPlace: () => Promise<BlobPlace>, rounds: number): void {
  describe('deleting', () => deleting(newPlace, rounds));
  describe('the list of blobs', () => listing(newPlace));
}

function deleting(newPlace: () => Promise<BlobPlace>, rounds: number): void {
  const bench = blobBench(newPlace);

  it('removes finished and partial blobs with all that is theirs, and says whether there was one', async () => {
    const { store } = bench;
    await putBlob(store, id, 10);
    const writer = await store.append(other, 0);
    await writer.write(patternBytes(0, border(1)));
    await writer.suspend();
    const said = [await store.delete(id), await store.delete(other), await store.delete(id)];
    expect(said).toEqual([true, true, false]);
    expect([await bench.place.contents(), await store.usedBytes()]).toEqual([[], 0]);
    await expect(store.read(id)).rejects.toThrow(BlobNotFoundError);
    expect(await store.durableLength(id)).toBe(0);
  });

  it('lets a stream that was given out go on to its end, or fail: never end early', async () => {
    const { store } = bench;
    const whole = patternBytes(0, 8_000_000);
    await putBlob(store, id, whole.length);
    const stream = await store.read(id);
    await once(stream, 'readable');
    expect(await store.delete(id)).toBe(true);
    expect(await bench.place.contents()).toEqual([]);
    const got = await gather(stream).catch((error: unknown) => error);
    if (got instanceof Buffer) expect(digest(got)).toBe(digest(whole));
    else expect(got).toBeInstanceOf(BlobNotFoundError);
  });

  it('counts once when asked twice at once, and gives way to a new blob beside it', async () => {
    const { store } = bench;
    for (let round = 0; round < rounds; round++) {
      await putBlob(store, id, 100);
      const neighbour = `00ab5c${round.toString(16).padStart(26, '0')}`;
      const [a, b] = await Promise.all([
        store.delete(id),
        store.delete(id),
        putBlob(store, neighbour, 1),
        store.append(id, 0).then((writer) => writer.abort()),
      ]);
      expect([a, b]).toEqual([true, true]);
      await store.delete(neighbour);
    }
    expect([await bench.place.contents(), await store.usedBytes()]).toEqual([[], 0]);
  });
}

function listing(newPlace: () => Promise<BlobPlace>): void {
  const bench = blobBench(newPlace);

  it('tells size, state and age of each', async () => {
    await putBlob(bench.store, id, 10);
    const writer = await bench.store.append(other, 0);
    await writer.write(patternBytes(0, border(1)));
    await writer.suspend();
    const entries = await entriesOf(bench.store);
    const modifiedAt = expect.any(Number);
    expect(entries).toEqual([
      { id, size: 10, partial: false, modifiedAt },
      { id: other, size: border(1), partial: true, modifiedAt },
    ]);
    for (const entry of entries) expect(Math.abs(Date.now() - entry.modifiedAt)).toBeLessThan(60_000);
  });

  it('goes on while blobs are deleted', async () => {
    const { store } = bench;
    const names = Array.from({ length: 30 }, (_, n) => n.toString(16).padStart(2, '0').repeat(16));
    for (const name of names) await putBlob(store, name, 1);
    let seen = 0;
    for await (const entry of store.list()) {
      seen += 1;
      // All but one go at the first look; the rest of the list may show them or not.
      if (seen === 1)
        await Promise.all(names.filter((name) => name !== entry.id).map((name) => store.delete(name)));
    }
    expect(seen).toBeGreaterThanOrEqual(1);
    expect((await entriesOf(store)).map((entry) => entry.id)).toEqual([expect.any(String)]);
  });

  it('gives the used bytes back after a restart', async () => {
    await putBlob(bench.store, id, 1_234);
    const writer = await bench.store.append(other, 0);
    await writer.write(patternBytes(0, border(1)));
    await writer.suspend();
    await bench.restart();
    expect(await bench.store.usedBytes()).toBe(1_234 + border(1));
    expect(await bench.store.durableLength(other)).toBe(border(1));
  });
}
