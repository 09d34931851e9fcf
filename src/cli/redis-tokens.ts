import { ApiTokens } from '../auth/tokens/api-tokens.service.js';
import { RedisApiTokens } from '../auth/tokens/store/redis-api-tokens.js';
import { ProblemError } from '../platform/http/problem/problem.js';
import { redisConfig, serverConfig } from '../platform/config/sections/app.config.js';
import { systemRandom } from '../crypto/random-source.port.js';
import { ScriptConnection } from '../redis/script/script-connection.js';
import { CommandError, UsageError } from './command.js';
import { loadEnvironment } from './environment.js';
import { withPortalRedis } from './redis-place.js';

/**
 * Uses the portal's API tokens, whether it runs or not.
 * @throws UsageError for invalid options, CommandError when Redis is down, ProblemError token_not_found
 */
export async function withTokens<T>(work: (tokens: ApiTokens) => Promise<T>): Promise<T> {
  loadEnvironment();
  try {
    return await withPortalRedis(redisConfig(), serverConfig().dataDir, async (target) => {
      const connection = await ScriptConnection.open(target, () => undefined);
      try {
        return await work(new ApiTokens(new RedisApiTokens(connection), systemRandom));
      } finally {
        connection.close();
      }
    });
  } catch (error) {
    if (error instanceof ProblemError && error.kind.status === 404) throw error;
    if (error instanceof ProblemError && error.kind.status === 400) throw new UsageError(error.detail);
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
}
