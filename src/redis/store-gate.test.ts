import { describe, expect, it } from '@jest/globals';

import { BUCKETS } from './redis-keys.js';
import { StoreGate } from './store-gate.js';

const ALL = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
const KEY = 'bb:{03}:s:00';
const OTHER = 'bb:{04}:s:00';

function gateOn(servers: Map<string, object>): { gate: StoreGate; doubts: () => number } {
  const gate = new StoreGate((key) => servers.get(key.slice(3, 7)));
  let doubts = 0;
  gate.arm(() => (doubts += 1));
  return { gate, doubts: () => doubts };
}

const oneServer = (): Map<string, object> => {
  const server = {};
  return new Map(ALL.map((bucket) => [`{${bucket.toString(16).padStart(2, '0')}}`, server]));
};
const settle = (gate: StoreGate, current = ALL, behind: number[] = []): void =>
  gate.settle({ servers: gate.servers(), current, behind, reason: 'why' });

describe('the gate of the store', () => {
  it('is open before it is armed, then closed until the first comparison', () => {
    const unarmed = new StoreGate(() => undefined);
    expect(() => unarmed.require(KEY)).not.toThrow();
    const { gate, doubts } = gateOn(oneServer());
    expect(() => gate.require(KEY)).toThrow(/being compared/);
    expect([doubts(), gate.position.state, gate.position.serving]).toEqual([1, 'unproven', false]);
    settle(gate);
    expect(() => gate.require(KEY)).not.toThrow();
    expect(gate.position).toEqual({ state: 'current', buckets: [], reason: undefined, serving: true });
  });

  it('closes at once when the connection has changed', () => {
    const servers = oneServer();
    const { gate, doubts } = gateOn(servers);
    settle(gate);
    servers.set('{03}', {});
    expect(() => gate.require(KEY)).toThrow(/being compared/);
    expect(() => gate.require(OTHER)).not.toThrow();
    expect([doubts(), gate.position.buckets, gate.position.serving]).toEqual([1, [3], true]);
  });

  it('ignores a comparison over a connection that has ended', () => {
    const servers = oneServer();
    const { gate } = gateOn(servers);
    const before = gate.servers();
    servers.set('{03}', {});
    gate.settle({ servers: before, current: ALL, behind: [], reason: undefined });
    expect(() => gate.require(KEY)).toThrow(/being compared/);
  });

  it('closes every bucket when one is behind, until none is', () => {
    const { gate } = gateOn(oneServer());
    settle(gate, [4], [3]);
    expect(() => gate.require(OTHER)).toThrow(/gone back in time/);
    expect(gate.position).toEqual({ state: 'behind', buckets: [3], reason: 'why', serving: false });
    settle(gate);
    expect(() => gate.require(OTHER)).not.toThrow();
  });

  it('closes only the buckets that could not be compared', () => {
    const { gate } = gateOn(oneServer());
    settle(gate, [4]);
    expect(() => gate.require(KEY)).toThrow(/being compared/);
    expect(() => gate.require(OTHER)).not.toThrow();
    gate.doubt();
    expect(() => gate.require(OTHER)).toThrow(/being compared/);
  });
});
