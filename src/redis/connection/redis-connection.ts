import type { Redis } from 'ioredis';

import type { ServerFacts } from '../boot-checks.js';
import type { CommandLines } from './command-line.js';

/** The way to Redis, whatever it consists of. */
export interface RedisConnection {
  readonly lines: CommandLines;
  /** For the few commands that are no scripts. */
  readonly commands: Pick<Redis, 'hsetnx' | 'hget'>;
  /**
   * Connects and checks that every server that may be written to is fit to keep secrets.
   * @returns what the oldest of them is
   * @throws RedisUnfitError with what to set, also when none can be reached
   */
  connect(): Promise<ServerFacts>;
  /** Every server that may be written to, for what is asked of each by itself. */
  masters(): readonly Redis[];
  /**
   * What stands for the way that a key's commands take now: another object after each reconnect, failover or move of
   * the key to another server; undefined while none is known.
   */
  serverOf(key: string): object | undefined;
  /** Whether a server answers a PING. */
  answers(): Promise<boolean>;
  /** @param hear called with whether Redis can be reached, when that changes */
  onPresence(hear: (up: boolean) => void): void;
  close(): void;
}
