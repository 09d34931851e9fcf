import type { Redis } from 'ioredis';

import { commandOf, type CommandName, type ScriptArgument } from '../client/command-transport.js';

/** Milliseconds that replicas may take; far below the silence after which a connection is closed. */
const WAIT_MS = 1_000;

/** A command and its pending reply. */
export interface PendingCommand {
  readonly name: CommandName;
  readonly args: readonly ScriptArgument[];
  readonly guard?: (() => void) | undefined;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Result of a batch. */
export interface Carried {
  /** For each command in order its reply, or why there is none. */
  readonly replies: readonly PromiseSettledResult<unknown>[];
  /** Replicas that hold the whole batch; undefined when the server could not tell. */
  readonly held: number | undefined;
}

/**
 * A connection that carries one batch at a time: its commands and one WAIT in one write. WAIT counts replicas
 * of the writes on its own connection, so it cannot count those of another server.
 */
export class QuorumConnection {
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

  /** Whether a reconnect is still possible. */
  get isConnecting(): boolean {
    return ['wait', 'connecting', 'connect'].includes(this.client.status);
  }

  async carry(batch: readonly Pick<PendingCommand, 'name' | 'args'>[]): Promise<Carried> {
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
