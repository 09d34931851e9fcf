import { BUCKETS, refusedHitsKey } from '../redis-keys.js';
import type { RedisService } from '../redis.service.js';
import { defineScript } from '../script/define-script.js';
import { integerIn, textIn } from '../script/script-reply.js';

/** Measurements of one server of the store. */
export interface StoreServer {
  readonly runId: string;
  readonly version: string;
  readonly usedBytes: number;
  /** Its maxmemory; 0: none */
  readonly maxBytes: number;
}

const script = defineScript(import.meta.url, 'store-facts', {
  keys: ['bucket'],
  args: {},
  parse: ([runId, version, usedBytes, maxBytes]): StoreServer => ({
    runId: textIn(runId),
    version: textIn(version),
    usedBytes: integerIn(usedBytes),
    maxBytes: integerIn(maxBytes),
  }),
});

/**
 * Asks every server that holds a bucket: in a cluster these are several. @throws ProblemError
 * store_unavailable
 */
export async function askStoreServers(
  redis: Pick<RedisService, 'run' | 'target'>,
): Promise<readonly StoreServer[]> {
  const buckets = redis.target.mode === 'cluster' ? BUCKETS : 1;
  const answers = await Promise.all(
    Array.from({ length: buckets }, (_, bucket) => redis.run(script, { bucket: refusedHitsKey(bucket) }, {})),
  );
  return [...new Map(answers.map((answer) => [answer.runId, answer])).values()];
}
