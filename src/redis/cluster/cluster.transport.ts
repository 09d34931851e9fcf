import { setTimeout as delay } from 'node:timers/promises';

import type { ClusterMap } from './cluster-map.js';
import {
  commandOf,
  type CommandTransport,
  type CommandName,
  type ScriptArgument,
} from '../client/command-transport.js';

/** About two seconds in all: a slot that migrates is unavailable for a moment, a failover takes longer. */
const TRIES = 8;
const PAUSE_MS = { first: 10, most: 500 };

/**
 * Error replies of a server that did not run the command: the slot is on another server, migrating, or
 * unassigned.
 */
const NOT_RUN = /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/;

function hasNotRun(error: unknown): boolean {
  return error instanceof Error && NOT_RUN.test(error.message);
}

/** Slots of the buckets, by their hash tags: few, so they are computed once. */
const slots = new Map<string, number>();

export function slotOfKey(named: string): number {
  const tag = named.slice(0, named.indexOf('}') + 1);
  const slot = slots.get(tag) ?? commandOf('evalsha', ['', 1, tag]).getSlot();
  slots.set(tag, slot);
  return slot;
}

function slotOf([, , key]: readonly ScriptArgument[]): number {
  return slotOfKey(String(key));
}

function pause(tries: number): number {
  return Math.min(PAUSE_MS.first * 2 ** tries, PAUSE_MS.most);
}

/**
 * Sends each script to the master of its slot. Sends it again only after a reply that proves that it did not
 * run; without a reply it may have run, so the request fails and the client decides.
 */
export class ClusterTransport implements CommandTransport {
  constructor(
    private readonly map: ClusterMap,
    private readonly kind: 'plain' | 'durable',
  ) {}

  async send(name: CommandName, args: readonly ScriptArgument[], guard?: () => void): Promise<unknown> {
    const slot = slotOf(args);
    for (let tries = 1; ; tries += 1) {
      const line = this.map.lineTo(slot, this.kind);
      try {
        if (line) return await line.send(name, args, guard);
      } catch (error) {
        // ASK leads to a server that has only some of a script's keys and refuses because the others are
        // missing.
        if (tries === TRIES || !hasNotRun(error)) throw error;
      }
      if (tries === TRIES) throw new Error('no server of the cluster is known to hold the slot');
      await this.map.refresh();
      if (tries > 1) await delay(pause(tries));
    }
  }
}
