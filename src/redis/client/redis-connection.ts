import type { Redis } from 'ioredis';

import type { ServerFacts } from '../boot-checks.js';
import type { CommandTransports } from './command-transport.js';

/** A connection to Redis in any of its modes. */
export interface RedisConnection {
  readonly lines: CommandTransports;
  /** For the few commands that are not scripts. */
  readonly commands: Pick<Redis, 'hsetnx' | 'hget'>;
  /**
   * Connects and checks that every server that may be written to is fit to keep secrets.
   * @returns what the oldest of them is
   * @throws RedisUnfitError with what to set, also when none can be reached
   */
  connect(): Promise<ServerFacts>;
  /** Every server that may be written to, for questions to each of them. */
  masters(): readonly Redis[];
  /**
   * Identity of the connection that a key's commands use now: another object after each reconnect, failover
   * or migration of the key; undefined while none is known.
   */
  serverOf(key: string): object | undefined;
  /** Whether a server answers a PING. */
  answers(): Promise<boolean>;
  /** @param hear called with whether Redis can be reached, whenever that changes */
  onPresence(hear: (up: boolean) => void): void;
  close(): void;
}
