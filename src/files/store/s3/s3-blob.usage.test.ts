import { S3BlobUsage } from './s3-blob.usage.js';

const MINUTE = 60_000;
let now: number;
let stored: number;
let sums: number;
let away: boolean;
let usage: S3BlobUsage;
beforeEach(() => {
  [now, stored, sums, away] = [0, 1_000, 0, false];
  const sum = async () => {
    sums += 1;
    if (away) throw new Error('away');
    return stored;
  };
  usage = new S3BlobUsage(sum, { now: () => now });
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('the bytes of a bucket', () => {
  it('are summed up once for concurrent callers, and then not for a minute', async () => {
    expect(usage.age).toBeUndefined();
    expect(await Promise.all([usage.bytes(), usage.bytes()])).toEqual([1_000, 1_000]);
    [stored, now] = [5_000, MINUTE];
    expect([await usage.bytes(), sums, usage.age]).toEqual([1_000, 1, MINUTE]);
  });

  it('count local changes at once, and those of others a minute later, without delaying the answer', async () => {
    await usage.bytes();
    usage.change(50);
    usage.change(0, 7);
    usage.change(-20);
    expect(await usage.bytes()).toBe(1_037);
    [stored, now] = [3_030, MINUTE + 1];
    expect(await usage.bytes()).toBe(1_037);
    await nextTurn();
    expect([await usage.bytes(), sums, usage.age]).toEqual([3_037, 2, 0]);
  });

  it('lose no change that happens during the sum', async () => {
    let finish: (bytes: number) => void = () => undefined;
    const slow = new S3BlobUsage(() => new Promise((resolve) => (finish = resolve)), { now: () => now });
    const first = slow.bytes();
    slow.change(500);
    finish(1_000);
    expect(await first).toBe(1_500);
  });

  it('are the last known ones while the store is unavailable, for ten minutes at most', async () => {
    await usage.bytes();
    [away, now] = [true, 9 * MINUTE];
    expect(await usage.bytes()).toBe(1_000);
    await nextTurn();
    now = 10 * MINUTE + 1;
    await expect(usage.bytes()).rejects.toThrow('away');
    [away, stored] = [false, 1];
    expect(await usage.bytes()).toBe(1);
  });
});
