import type { Redis } from 'ioredis';

import { connect, createClient, type ConnectionLog } from './redis.connection.js';
import { ScriptRunner, type ScriptArgument, type ScriptDefinition } from './script.js';

/** A connection of its own for a background thread: scripts only, no embedded server to look after. */
export class ScriptConnection {
  private constructor(
    private readonly client: Redis,
    private readonly scripts: ScriptRunner,
  ) {}

  /** @param target a redis:// URL or the path of a Unix socket. @throws RedisUnfitError */
  static async open(target: string, log: ConnectionLog): Promise<ScriptConnection> {
    const client = createClient(target, log);
    try {
      const facts = await connect(client);
      return new ScriptConnection(client, new ScriptRunner(client, facts.major >= 7, () => undefined));
    } catch (error) {
      client.disconnect();
      throw error;
    }
  }

  /** Runs a script in one round trip. @throws ProblemError store_unavailable when Redis is away or full */
  run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R> {
    return this.scripts.run(script, ...keysAndArgs);
  }

  close(): void {
    // Meant, so nothing to warn of.
    this.client.removeAllListeners('close');
    this.client.disconnect();
  }
}
