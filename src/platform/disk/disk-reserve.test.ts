import { describe, expect, it } from '@jest/globals';

import { DiskReserve } from './disk-reserve.js';

const FULL = { kind: { code: 'storage_full', status: 507 } };
const HOLDS = { records: true, files: true };

/** A disk with the free space that the test sets. */
function disk({ free = 1_000, holds = HOLDS, reservedBytes = 400 } = {}) {
  const state = { free, now: 0, measured: 0, told: -1, broken: false };
  const space = {
    freeBytes: () => {
      state.measured += 1;
      return state.broken ? Promise.reject(new Error('EIO')) : Promise.resolve(state.free);
    },
  };
  const metrics = { diskFree: (bytes: number) => void (state.told = bytes) };
  const clock = { now: () => state.now };
  return { state, reserve: new DiskReserve({ space, reservedBytes, holds, clock, metrics }) };
}

describe('the reserve of a disk', () => {
  it('accepts new secrets and files while more is free than it keeps', async () => {
    const { state, reserve } = disk();
    await reserve.requireForRecord();
    await reserve.requireForFiles(599);
    expect(state.told).toBe(1_000);
  });

  it('refuses both at its limit, and accepts them again when space is free', async () => {
    const { state, reserve } = disk({ free: 400 });
    await expect(reserve.requireForRecord()).rejects.toMatchObject(FULL);
    await expect(reserve.requireForFiles(1)).rejects.toMatchObject(FULL);
    state.free = 500;
    state.now += 1_000;
    await reserve.requireForRecord();
    await expect(reserve.requireForFiles(100)).rejects.toMatchObject(FULL);
    await reserve.requireForFiles(99);
  });

  it('counts what it admitted since it measured, and measures again after a moment', async () => {
    const { state, reserve } = disk();
    for (let n = 0; n < 5; n++) await reserve.requireForFiles(100);
    await expect(reserve.requireForFiles(100)).rejects.toMatchObject(FULL);
    expect(state.measured).toBe(1);
    state.now += 250;
    await reserve.requireForFiles(100);
    expect(state.measured).toBe(2);
  });

  it('asks once for concurrent callers', async () => {
    const { state, reserve } = disk({ free: 100_000 });
    await Promise.all(Array.from({ length: 50 }, () => reserve.requireForFiles(1)));
    expect(state.measured).toBe(1);
  });

  it('ignores data on the disk of another server', async () => {
    const elsewhere = disk({ free: 0, holds: { records: false, files: false } });
    await elsewhere.reserve.requireForRecord();
    await elsewhere.reserve.requireForFiles(1);
    const inBucket = disk({ free: 500, holds: { records: true, files: false } });
    await inBucket.reserve.requireForFiles(1_000_000);
    const records = disk({ free: 0, holds: { records: false, files: true } });
    await records.reserve.requireForRecord();
    await expect(records.reserve.requireForFiles(1)).rejects.toMatchObject(FULL);
  });

  it('is off at 0, and refuses nothing when the disk cannot be measured', async () => {
    await disk({ free: 0, reservedBytes: 0 }).reserve.requireForRecord();
    const { state, reserve } = disk({ free: 0 });
    state.broken = true;
    await reserve.requireForRecord();
    state.broken = false;
    state.now += 250;
    await expect(reserve.requireForRecord()).rejects.toMatchObject(FULL);
  });
});
