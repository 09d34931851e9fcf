import { ProblemError } from '../../platform/http/problem/problem.js';
import { withTimeout } from '../../common/with-timeout.js';
import type { RedisService } from '../../redis/redis.service.js';
import { askStoreServers } from '../../redis/memory/store-servers.js';
import type { StoreFacts, StoreInfo } from './store-facts.port.js';

const PATIENCE_MS = 2_000;

/** Sums up the facts of the servers of the store. */
export class RedisStoreInfo implements StoreInfo {
  constructor(private readonly redis: Pick<RedisService, 'run' | 'target'>) {}

  async facts(): Promise<StoreFacts | undefined> {
    const servers = await withTimeout(PATIENCE_MS, askStoreServers(this.redis)).catch((error: unknown) => {
      if (error instanceof ProblemError) return undefined;
      throw error;
    });
    if (!servers) return undefined;
    return {
      version: [...new Set(servers.map(({ version }) => version))].sort().join(', '),
      usedMemoryBytes: servers.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
    };
  }
}
