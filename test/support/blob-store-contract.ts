import {
  BlobBusyError,
  BlobFinishedError,
  BlobNotFoundError,
  BlobOffsetError,
} from '../../src/files/store/blob-store.errors.js';
import { border, patternBytes } from './blob-kit.js';
import { blobBench, entriesOf, isPattern, putBlob, type BlobPlace } from './blob-place.js';
import { gather } from './chunk-kit.js';

const id = '00ab5c0123456789abcdef0123456789';

/** What every blob store promises of blobs and of partial blobs; to be called once by the tests of each store. */
export function itKeepsBlobs(newPlace: () => Promise<BlobPlace>): void {
  describe('a blob', () => finishedBlobs(newPlace));
  describe('a partial blob', () => partialBlobs(newPlace));
}

function finishedBlobs(newPlace: () => Promise<BlobPlace>): void {
  const bench = blobBench(newPlace);

  it('is partial while it is written, and finished in one step', async () => {
    const { store } = bench;
    const writer = await store.append(id, 0);
    await writer.write(patternBytes(0, 100));
    await writer.write(patternBytes(100, 5_000));
    expect([writer.length, await store.usedBytes()]).toEqual([5_000, 5_000]);
    await expect(store.size(id)).rejects.toThrow(BlobNotFoundError);
    await expect(store.read(id)).rejects.toThrow(BlobNotFoundError);
    await writer.finish();
    expect([await store.size(id), await store.usedBytes()]).toEqual([5_000, 5_000]);
    expect(isPattern(await gather(await store.read(id)), 0, 5_000)).toBe(true);
    await expect(store.append(id, 0)).rejects.toThrow(BlobFinishedError);
    await expect(store.durableLength(id)).rejects.toThrow(BlobFinishedError);
  });

  it('may be empty', async () => {
    const { store } = bench;
    await putBlob(store, id, 0);
    expect([await store.size(id), (await gather(await store.read(id))).length]).toEqual([0, 0]);
    await expect(store.read(id, 0, 1)).rejects.toThrow(RangeError);
  });

  it('has no name but 32 hex digits', async () => {
    const { store } = bench;
    const traversals = ['..', '../../etc/passwd', `${id}/..`, `../${id.slice(3)}`];
    const lengths = ['', `${id}0`, `${id}\n`, `${id.slice(1)}\0`];
    for (const name of [...traversals, ...lengths, id.toUpperCase(), `${id}.0.tail`]) {
      const calls = [
        () => store.append(name, 0),
        () => store.durableLength(name),
        () => store.size(name),
        () => store.read(name),
        () => store.delete(name),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow('32 lower-case hex digits');
    }
    expect(await bench.place.contents()).toEqual([]);
  });

  it('is read from any place to any other', async () => {
    const { store } = bench;
    await putBlob(store, id, 200_000);
    const within = [
      [0, 1],
      [199_999, 200_000],
      [0, 0],
      [200_000, 200_000],
      [70_000, 140_001],
    ] as const;
    for (const [from, to] of within) {
      expect(isPattern(await gather(await store.read(id, from, to)), from, to)).toBe(true);
    }
    expect(isPattern(await gather(await store.read(id, 150_000)), 150_000, 200_000)).toBe(true);
    expect((await gather(await store.read(id, 200_000))).length).toBe(0);
    const beyond = [
      [-1, 5],
      [5, 4],
      [0, 200_001],
      [0.5, 3],
      [199_999, 200_001],
      [200_001, 200_001],
      [200_001, undefined],
    ] as const;
    for (const [from, to] of beyond) await expect(store.read(id, from, to)).rejects.toThrow(RangeError);
  });

  it('is not there before it was made: nothing of it can be asked', async () => {
    const { store } = bench;
    await expect(store.size(id)).rejects.toThrow(BlobNotFoundError);
    await expect(store.read(id)).rejects.toThrow(BlobNotFoundError);
    await expect(store.read(id, 3, 3)).rejects.toThrow(BlobNotFoundError);
    expect([await store.durableLength(id), await store.delete(id)]).toEqual([0, false]);
  });

  it('may be left by a reader in the middle, at once', async () => {
    const { store } = bench;
    await putBlob(store, id, 3_000_000);
    const stream = await store.read(id);
    for await (const piece of stream) {
      expect(piece).not.toHaveLength(0);
      break;
    }
    expect(stream.destroyed).toBe(true);
    expect(isPattern(await gather(await store.read(id)), 0, 3_000_000)).toBe(true);
  });
}

function partialBlobs(newPlace: () => Promise<BlobPlace>): void {
  const bench = blobBench(newPlace);

  it('goes on at the last border that was reached, with other bytes behind it if need be', async () => {
    const { store } = bench;
    expect(await store.durableLength(id)).toBe(0);
    const first = await store.append(id, 0);
    await first.write(patternBytes(0, border(2)));
    await first.write(Buffer.alloc(777, 0xff));
    expect(await first.sync()).toBeLessThanOrEqual(border(2));
    expect(await first.suspend()).toBe(border(2));
    expect(await store.durableLength(id)).toBe(border(2));
    for (const wrong of [0, 22, border(2) - 1, border(2) + 777, border(3)]) {
      await expect(store.append(id, wrong)).rejects.toMatchObject({
        constructor: BlobOffsetError,
        durableLength: border(2),
      });
    }
    const second = await store.append(id, border(2));
    expect([second.length, await store.usedBytes()]).toEqual([border(2), border(2)]);
    await second.write(patternBytes(border(2), border(2) + 5));
    await second.finish();
    expect(isPattern(await gather(await store.read(id)), 0, border(2) + 5)).toBe(true);
    expect([(await bench.place.contents()).length, await store.usedBytes()]).toEqual([1, border(2) + 5]);
  });

  it.each([0, 1, 21, 22, 23, 22 + 65_563, 22 + 65_564])(
    'of %i bytes is durable up to a border, over a restart too',
    async (length) => {
      const writer = await bench.store.append(id, 0);
      await writer.write(patternBytes(0, length));
      const expected = length < 22 ? 0 : length < border(1) ? 22 : border(1);
      expect(await writer.suspend()).toBe(expected);
      await bench.restart();
      expect(await bench.store.durableLength(id)).toBe(expected);
      const next = await bench.store.append(id, expected);
      expect(next.length).toBe(expected);
      await next.abort();
      expect([await bench.place.contents(), await bench.store.usedBytes()]).toEqual([[], 0]);
    },
  );

  it('grows from one suspension to the next, however little comes in between', async () => {
    const ends = [22, 30_000, border(1), border(1) + 1, border(3), 400_000];
    let at = 0;
    for (const end of ends) {
      const writer = await bench.store.append(id, at);
      await writer.write(patternBytes(at, end));
      const durable = await writer.suspend();
      expect(durable).toBeGreaterThan(end - 65_564);
      expect(durable).toBe(await bench.store.durableLength(id));
      at = durable;
    }
    const writer = await bench.store.append(id, at);
    await writer.write(patternBytes(at, 400_000));
    await writer.finish();
    expect(isPattern(await gather(await bench.store.read(id)), 0, 400_000)).toBe(true);
    expect(await bench.place.contents()).toHaveLength(1);
  });

  it('has one writer at a time, and is not deleted under it', async () => {
    const { store } = bench;
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => store.append(id, 0)));
    const [writer] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof BlobBusyError,
    );
    expect(refused).toHaveLength(4);
    await expect(store.delete(id)).rejects.toThrow(BlobBusyError);
    await writer?.write(patternBytes(0, 9));
    await writer?.finish();
    expect(await store.delete(id)).toBe(true);
  });

  it('is gone when its writer aborts, calls in flight included, and the writer has ended', async () => {
    const { store } = bench;
    const writer = await store.append(id, 0);
    const inFlight = [writer.write(patternBytes(0, 300_000)), writer.write(patternBytes(300_000, 400_000))];
    await writer.abort();
    await Promise.all(inFlight);
    expect([await bench.place.contents(), await store.usedBytes()]).toEqual([[], 0]);
    const calls = [
      () => writer.write(Buffer.alloc(1)),
      () => writer.sync(),
      () => writer.finish(),
      () => writer.suspend(),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow('has ended');
    await writer.abort();
    await (await store.append(id, 0)).abort();
  });

  it('keeps the order of writes that are not waited for, and takes its bytes before they are used again', async () => {
    const { store } = bench;
    const writer = await store.append(id, 0);
    const writes = Array.from({ length: 50 }, (_, i) =>
      writer.write(patternBytes(i * 1_000, (i + 1) * 1_000)),
    );
    await Promise.all(writes);
    const again = Buffer.from(patternBytes(50_000, 51_000));
    await writer.write(again);
    again.fill(0);
    await writer.finish();
    expect(isPattern(await gather(await store.read(id)), 0, 51_000)).toBe(true);
  });

  it('is not in the list yet', async () => {
    const writer = await bench.store.append(id, 0);
    await writer.write(patternBytes(0, border(1)));
    await writer.suspend();
    expect(await entriesOf(bench.store)).toMatchObject([{ id, size: border(1), partial: true }]);
  });
}
