import { parseArgs } from 'node:util';

import { AuditKeys } from '../audit/chain/audit-keys.js';
import { OtherTrailError, RedisReconciler, type Reconciled } from '../audit/position/redis-reconciler.js';
import { TrailBrokenError } from '../audit/relay/relay.js';
import {
  cryptoConfig,
  databaseConfig,
  redisConfig,
  secretsConfig,
  serverConfig,
} from '../platform/config/sections/app.config.js';
import { keySourceOf } from '../crypto/key-source/configured-key-source.js';
import { loadKeyring } from '../crypto/keyring/keyring.loader.js';
import { DatabaseUnfitError, type Database } from '../database/database.port.js';
import { openDatabase } from '../database/open-database.js';
import { ScriptConnection } from '../redis/script/script-connection.js';
import { CommandError, EXIT, UsageError, type Command, type Terminal } from './command.js';
import { loadEnvironment } from './environment.js';
import { withPortalRedis } from './redis-place.js';

const HELP = `For a Redis that has gone back in time: put back from a backup, emptied, or started without its last writes. Burns
every secret that has come back with views which the audit trail says were taken, so that it is not opened a second time. Each
is recorded as burned by the system. A secret of several views of which some are left is burnt as well. Then Redis is marked to
be as far as the trail, and running portals serve again within seconds. Running it twice, or without need, is harmless.

  --dry-run  only say how many there are

Same settings as the portal: .env and the environment. With a database in DATA_DIR the portal must be stopped; started with
REDIS_RECONCILE=auto it does the same by itself.

Exit code: 0 done, 2 wrong usage or configuration, 3 Redis or the database is away, or the trail is not whole.`;

/** `npm run cli -- redis reconcile` */
export const redisReconcileCommand: Command = {
  words: ['redis', 'reconcile'],
  summary: 'burn again what a Redis that has gone back in time has brought back',
  help: HELP,
  async run(args, terminal) {
    const isDry = readArguments(args);
    loadEnvironment();
    const { dataDir } = serverConfig();
    const keys = new AuditKeys(await loadKeyring(keySourceOf(cryptoConfig(), serverConfig())));
    const database = await openTrail(dataDir);
    try {
      const done = await withPortalRedis(redisConfig(), dataDir, async (target) => {
        const redis = await ScriptConnection.open(target, (level, message) => {
          if (level !== 'info') terminal.err(message);
        });
        try {
          const tombstoneMs = secretsConfig().tombstoneTtlSeconds * 1000;
          const lookup = await keys.lookup(database);
          return await new RedisReconciler({ database, redis, lookup, tombstoneMs }).run(undefined, isDry);
        } finally {
          redis.close();
        }
      });
      report(terminal, done, isDry);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof OtherTrailError || error instanceof TrailBrokenError)
        throw new CommandError(error.message);
      throw error;
    } finally {
      await database.close();
    }
  },
};

function readArguments(args: readonly string[]): boolean {
  try {
    const options = { 'dry-run': { type: 'boolean', default: false } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: false }).values['dry-run'];
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** It writes, so a portal that owns the embedded database cannot run its queries. */
async function openTrail(dataDir: string): Promise<Database> {
  const { url } = databaseConfig();
  try {
    return await openDatabase(url === undefined ? { dataDir } : { url });
  } catch (error) {
    if (url !== undefined || !(error instanceof DatabaseUnfitError)) throw error;
    throw new CommandError(
      `${error.message}. Stop the portal first, or start it again with REDIS_RECONCILE=auto`,
    );
  }
}

function report(terminal: Terminal, { looked, revived, lost }: Reconciled, isDry: boolean): void {
  const number = (count: number): string => count.toLocaleString('en-US');
  const back = `${number(revived)} had come back`;
  const what = revived === 0 ? '' : isDry ? ': not burnt' : ': burnt again';
  terminal.out(`${number(looked)} secrets whose time is not over looked at, ${back}${what}`);
  if (lost > 0)
    terminal.out(`${number(lost)} that were not opened are not in this Redis: their links answer 404`);
}
