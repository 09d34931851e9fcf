import { checkKeys } from '../boot-checks.js';
import type { ConnectionLog } from '../handshake/connection-log.js';
import { openConnection } from '../client/open-connection.js';
import type { RedisConnection } from '../client/redis-connection.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import { KEY_CHECK_KEY } from '../redis-keys.js';
import { QuorumStatus } from '../quorum/quorum-status.js';
import { scanKeys } from '../scan-keys.js';
import type { ArgumentKinds, Script, ScriptArguments, ScriptKeys } from './define-script.js';
import { ScriptRunner, type Scripts } from './script-runner.js';

const SILENT = { withheld: () => undefined, refused: () => undefined, holds: () => undefined };

/** A separate connection for a background thread: scripts only, without an embedded server. */
export class ScriptConnection implements Scripts {
  private constructor(
    private readonly connection: RedisConnection,
    private readonly scripts: ScriptRunner,
  ) {}

  /**
   * @param replicas that must hold what a durable script has read and written; 0: none @throws
   * RedisUnfitError
   */
  static async open(target: RedisTarget, log: ConnectionLog, replicas = 0): Promise<ScriptConnection> {
    // The connections of requests record and log a missing quorum.
    const quorum = replicas === 0 ? undefined : new QuorumStatus(replicas, SILENT, () => undefined);
    const connection = openConnection(target, log, quorum);
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

  /** Runs a script in one round trip. @throws ProblemError store_unavailable when Redis is down or full */
  run<K extends string, A extends ArgumentKinds, R>(
    script: Script<K, A, R>,
    keys: ScriptKeys<NoInfer<K>>,
    args: ScriptArguments<NoInfer<A>>,
  ): Promise<R> {
    return this.scripts.run(script, keys, args);
  }

  /**
   * Yields every key that matches and exists during the whole scan, some of them twice. Refuses while a
   * cluster migrates slots: a moving key could be missed.
   * @throws ClusterMovingError
   */
  scan(pattern: string): AsyncGenerator<string[]> {
    return scanKeys(this.connection.masters(), pattern);
  }

  /** Whether a key of this id was ever used with this store. */
  async isKeyTaken(id: number): Promise<boolean> {
    return (await this.connection.commands.hget(KEY_CHECK_KEY, String(id))) !== null;
  }

  /** @throws RedisUnfitError when a key id was used with other key bytes before */
  bindKeys(fingerprints: ReadonlyMap<number, Buffer>): Promise<void> {
    return checkKeys(this.connection.commands, fingerprints);
  }

  close(): void {
    this.connection.close();
  }
}
