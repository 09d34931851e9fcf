import type { Redis } from 'ioredis';

import { commandOf, type CommandName, type ScriptArgument } from '../connection/command-line.js';

/** How long replicas may take. Far below the silence after which a connection is given up. */
export const WAIT_MS = 1_000;

/** A command and whoever waits for its reply. */
export interface Errand {
  readonly name: CommandName;
  readonly args: readonly ScriptArgument[];
  readonly guard?: (() => void) | undefined;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** What became of a batch. */
export interface Carried {
  /** The reply to each command or why there is none, in their order. */
  readonly replies: readonly PromiseSettledResult<unknown>[];
  /** Replicas that hold all of it; undefined when the server could not say. */
  readonly held: number | undefined;
}

/**
 * A connection that carries one batch at a time: its commands and one WAIT in one write. WAIT speaks of what went
 * before on the same connection, so no other server's replicas can be meant by it.
 */
export class QuorumLane {
  private busy = false;

  constructor(
    private readonly client: Redis,
    private readonly replicas: number,
  ) {}

  get isFree(): boolean {
    return !this.busy && this.isUp;
  }

  get isUp(): boolean {
    return this.client.status === 'ready';
  }

  /** Whether it may be up in a moment. */
  get isConnecting(): boolean {
    return ['wait', 'connecting', 'connect'].includes(this.client.status);
  }

  async carry(batch: readonly Pick<Errand, 'name' | 'args'>[]): Promise<Carried> {
    this.busy = true;
    const { stream } = this.client;
    stream.cork();
    const replies = batch.map(({ name, args }) => this.send(name, args));
    const held = this.send('wait', [this.replicas, WAIT_MS]);
    stream.uncork();
    const settled = await Promise.allSettled(replies);
    const count = await held.then(Number, () => undefined);
    this.busy = false;
    return { replies: settled, held: count };
  }

  private send(name: CommandName, args: readonly ScriptArgument[]): Promise<unknown> {
    const command = commandOf(name, args);
    this.client.sendCommand(command);
    return command.promise;
  }
}
