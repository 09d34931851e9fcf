import type { ConnectionLog } from './connection/client.js';
import { openConnection } from './connection/open-connection.js';
import type { RedisConnection } from './connection/redis-connection.js';
import type { RedisTarget } from '../config/redis-target.js';
import { ScriptRunner, type ScriptArgument, type ScriptDefinition } from './script.js';

/** A connection of its own for a background thread: scripts only, no embedded server to look after. */
export class ScriptConnection {
  private constructor(
    private readonly connection: RedisConnection,
    private readonly scripts: ScriptRunner,
  ) {}

  /** @throws RedisUnfitError */
  static async open(target: RedisTarget, log: ConnectionLog): Promise<ScriptConnection> {
    const connection = openConnection(target, log);
    try {
      const { major } = await connection.connect();
      return new ScriptConnection(
        connection,
        new ScriptRunner(connection.lines, major >= 7, () => undefined),
      );
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Runs a script in one round trip. @throws ProblemError store_unavailable when Redis is away or full */
  run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R> {
    return this.scripts.run(script, ...keysAndArgs);
  }

  close(): void {
    this.connection.close();
  }
}
