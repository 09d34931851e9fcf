import { parseArgs } from 'node:util';

import { encodeOrigin } from '../audit/audit-event.js';
import { spentSecrets, type SpentSecret } from '../audit/spent.repository.js';
import { databaseConfig, redisConfig, secretsConfig } from '../config/app.config.js';
import { configuredTarget } from '../config/redis-target.js';
import { openDatabase } from '../database/open-database.js';
import { secretKeys } from '../redis/redis-keys.js';
import { ScriptConnection } from '../redis/script-connection.js';
import { burnScript, lookScript } from '../secrets/redis-secret.scripts.js';
import { decodeRecord } from '../secrets/secret-record.js';
import { CommandError, EXIT, UsageError, type Command, type Terminal } from './command.js';
import { loadEnvironment } from './environment.js';

const PAGE = 500;
const SYSTEM = encodeOrigin({ actor: 'system', ipAddress: null, userAgent: null });

const HELP = `For a Redis that was put back from a backup: burns every secret that has come back with views which the audit
trail says were taken, so that nobody opens it a second time. Each is recorded as burned by the system. A secret of
several views of which some are left is burnt as well. Run it before the portal serves again; running it twice is harmless.

  --dry-run  only say how many there are

Same settings as the portal: .env and the environment. REDIS_URL (or REDIS_URLS) and DATABASE_URL must be set.

Exit code: 0 done, 2 wrong usage or configuration, 3 Redis or the database is away.`;

/** `npm run cli -- redis reconcile` */
export const redisReconcileCommand: Command = {
  words: ['redis', 'reconcile'],
  summary: 'burn again what a restored Redis has brought back',
  help: HELP,
  async run(args, terminal) {
    const isDryRun = readArguments(args);
    loadEnvironment();
    const target = configuredTarget(redisConfig());
    const { url } = databaseConfig();
    if (target === undefined || url === undefined)
      throw new CommandError(
        'set REDIS_URL and DATABASE_URL: what lies in one DATA_DIR is put back to one moment, and nothing tells what happened after it',
      );
    const redis = await ScriptConnection.open(target, (level, message) => {
      if (level !== 'info') terminal.err(message);
    });
    try {
      const database = await openDatabase({ url });
      try {
        const { looked, revived } = await reconcile(
          (after) => spentSecrets(database, after, PAGE),
          redis,
          isDryRun,
        );
        report(terminal, looked, revived, isDryRun);
        return EXIT.ok;
      } finally {
        await database.close();
      }
    } finally {
      redis.close();
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

type NextPage = (after: string) => Promise<SpentSecret[]>;

async function reconcile(
  next: NextPage,
  redis: ScriptConnection,
  isDryRun: boolean,
): Promise<{ looked: number; revived: number }> {
  let looked = 0;
  let revived = 0;
  for (let page = await next(''); page.length > 0; page = await next(page.at(-1)?.ref ?? '')) {
    looked += page.length;
    const back = await Promise.all(page.map((secret) => isBack(redis, secret)));
    const ghosts = page.filter((_, at) => back[at]);
    revived += ghosts.length;
    if (!isDryRun) await Promise.all(ghosts.map((secret) => burnAgain(redis, secret)));
  }
  return { looked, revived };
}

/** A damaged record opens for nobody: it is left to be looked at. */
async function isBack(redis: ScriptConnection, { ref, viewsLeft }: SpentSecret): Promise<boolean> {
  const { record, tombstone } = secretKeys(Buffer.from(ref, 'hex'));
  const look = await redis.run(lookScript, record, tombstone);
  return look.kind === 'ok' && decodeRecord(look.head).state.viewsLeft > viewsLeft;
}

async function burnAgain(redis: ScriptConnection, { ref }: SpentSecret): Promise<void> {
  const { record, tombstone, outbox } = secretKeys(Buffer.from(ref, 'hex'));
  const { passphraseAttempts, passphraseLockSeconds, tombstoneTtlSeconds } = secretsConfig();
  await redis.run(
    burnScript,
    record,
    tombstone,
    outbox,
    SYSTEM,
    '',
    'system',
    passphraseAttempts,
    passphraseLockSeconds * 1000,
    tombstoneTtlSeconds * 1000,
    '',
  );
}

function report(terminal: Terminal, looked: number, revived: number, isDryRun: boolean): void {
  const found = `${looked.toLocaleString('en-US')} secrets that were opened or burnt looked at`;
  const back = `${revived.toLocaleString('en-US')} had come back`;
  terminal.out(`${found}, ${back}${revived === 0 ? '' : isDryRun ? ': not burnt' : ': burnt again'}`);
}
