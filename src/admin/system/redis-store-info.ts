import { ProblemError } from '../../common/problem.js';
import { within } from '../../common/within.js';
import { BUCKETS, refusedHitsKey } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import type { ScriptDefinition } from '../../redis/script.js';
import type { StoreFacts, StoreInfo } from './store-facts.port.js';

const PATIENCE_MS = 2_000;

interface ServerReply {
  readonly runId: string;
  readonly version: string;
  readonly usedMemoryBytes: number;
}

const script: ScriptDefinition<ServerReply> = {
  name: 'store-facts',
  keys: 1,
  parse: ([runId, version, bytes]) => ({
    runId: String(runId),
    version: String(version),
    usedMemoryBytes: Number(bytes),
  }),
};

/** Asks the server of each bucket: the buckets of a cluster are on several. */
export class RedisStoreInfo implements StoreInfo {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  async facts(): Promise<StoreFacts | undefined> {
    const asked = Array.from({ length: BUCKETS }, (_, bucket) =>
      this.redis.run(script, refusedHitsKey(bucket)),
    );
    const answers = await within(PATIENCE_MS, Promise.all(asked)).catch((error: unknown) => {
      if (error instanceof ProblemError) return undefined;
      throw error;
    });
    if (!answers) return undefined;
    const servers = [...new Map(answers.map((answer) => [answer.runId, answer])).values()];
    return {
      version: [...new Set(servers.map(({ version }) => version))].sort().join(', '),
      usedMemoryBytes: servers.reduce((sum, { usedMemoryBytes }) => sum + usedMemoryBytes, 0),
    };
  }
}
