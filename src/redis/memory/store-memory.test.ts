import { afterEach, describe, expect, it } from '@jest/globals';

import { storeUnavailable } from '../../platform/http/problem/store.errors.js';
import { StoreMemory } from './store-memory.js';
import type { StoreServer } from './store-servers.js';

const FULL = { kind: { code: 'storage_full', status: 507 } };
const open: StoreMemory[] = [];
afterEach(() => open.splice(0).forEach((memory) => memory.onApplicationShutdown()));

const server = (usedBytes: number, maxBytes = 0): StoreServer => ({
  runId: `${usedBytes} of ${maxBytes}`,
  version: '7.0.15',
  usedBytes,
  maxBytes,
});

/** Servers that report the memory that the test sets. */
function store(quotaBytes: number, servers: readonly StoreServer[] = [server(600)]) {
  const state = { servers, now: 0, asked: 0, away: false, told: {} };
  const memory = new StoreMemory({
    ask: () => {
      state.asked += 1;
      return state.away ? Promise.reject(storeUnavailable()) : Promise.resolve(state.servers);
    },
    quotaBytes,
    metrics: { storeMemory: (told) => void (state.told = told) },
    now: () => state.now,
  });
  open.push(memory);
  return { state, memory };
}

describe('the memory of the store', () => {
  it('takes new secrets up to the quota, and again when others have ended', async () => {
    const { state, memory } = store(1_000);
    await memory.require(400);
    await expect(memory.require(1)).rejects.toMatchObject(FULL);
    state.servers = [server(990)];
    state.now += 250;
    await expect(memory.require(11)).rejects.toMatchObject(FULL);
    await memory.require(10);
  });

  it('is asked for once by concurrent callers, and not at all without a quota', async () => {
    const { state, memory } = store(1_000_000);
    await Promise.all(Array.from({ length: 50 }, () => memory.require(1)));
    expect(state.asked).toBe(1);
    const free = store(0);
    await free.memory.require(1_000_000);
    expect(free.state.asked).toBe(0);
  });

  it('refuses nothing while it is unknown', async () => {
    const { state, memory } = store(1, [server(600)]);
    state.away = true;
    await memory.require(1_000);
    state.away = false;
    state.now += 250;
    await expect(memory.require(1_000)).rejects.toMatchObject(FULL);
  });

  it.each([
    ['no bound', 0, [server(600)], { used: 600, bound: 0, filled: 0 }],
    ['maxmemory', 0, [server(600, 800)], { used: 600, bound: 800, filled: 0.75 }],
    ['a quota below it', 640, [server(480, 800)], { used: 480, bound: 640, filled: 0.75 }],
    ['the fullest of a cluster', 0, [server(1, 10), server(9, 10)], { used: 10, bound: 20, filled: 0.9 }],
    ['a server without any', 0, [server(1), server(9, 10)], { used: 10, bound: 0, filled: 0.9 }],
  ])('is reported to the metrics: %s', async (_, quota, servers, told) => {
    const { state, memory } = store(quota, servers);
    await memory.measure();
    expect(state.told).toEqual(told);
  });
});
