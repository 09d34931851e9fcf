import { parseArgs } from 'node:util';

import { AuditKeys } from '../audit/chain/audit-keys.js';
import type { Verdict } from '../audit/verify/audit-verify.js';
import { describeFinding, describeSetAside, eventCount } from '../audit/verify/chain-finding.js';
import { verifyKept, type KeptHeads } from '../audit/chain/kept-heads.js';
import { cryptoConfig, redisConfig, serverConfig } from '../platform/config/sections/app.config.js';
import { keySourceOf } from '../crypto/key-source/configured-key-source.js';
import { loadKeyring } from '../crypto/keyring/keyring.loader.js';
import { StatementError } from '../database/database.port.js';
import { CommandError, EXIT, UsageError, type Command, type Terminal } from './command.js';
import { loadEnvironment } from './environment.js';
import { openTrail } from './open-trail.js';
import { readKeptHeads } from './redis-heads.js';

const UNDEFINED_TABLE = '42P01';

const HELP = `Checks every event of the trail and its order, and the end of each chain against the signed head that the
database and Redis keep of it. Prints "N events, intact", or the first event that was changed, removed, inserted or
reordered; and names the events that the database refused and that were set aside. The portal may run meanwhile. Same
settings as the portal: .env and the environment.

Exit code: 0 intact, 1 broken, 2 wrong usage or configuration, 3 could not be checked.`;

/** `npm run cli -- audit verify` */
export const auditVerifyCommand: Command = {
  words: ['audit', 'verify'],
  summary: 'verify that the audit trail was not changed',
  help: HELP,
  async run(args, terminal) {
    requireNoArguments(args);
    loadEnvironment();
    const { dataDir } = serverConfig();
    const keyring = await loadKeyring(keySourceOf(cryptoConfig(), serverConfig()));
    // Redis is read first: the database must then have at least as much.
    const kept = await keptHeads(dataDir, terminal);
    const verdict = await verify(dataDir, new AuditKeys(keyring), kept);
    if ('broken' in verdict) {
      terminal.out(describeFinding(verdict.broken));
      return EXIT.bad;
    }
    terminal.out(`${eventCount(verdict.events)}, intact`);
    for (const event of verdict.setAside ?? []) terminal.out(describeSetAside(event));
    return EXIT.ok;
  },
};

function requireNoArguments(args: readonly string[]): void {
  try {
    parseArgs({ args: [...args], options: {}, allowPositionals: false });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function keptHeads(dataDir: string, terminal: Terminal): Promise<KeptHeads> {
  try {
    return await readKeptHeads(redisConfig(), dataDir);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(`Redis cannot be reached (${reason}): only the database was checked for a cut-off end.`);
    return { heads: new Map(), damaged: [] };
  }
}

async function verify(dataDir: string, keys: AuditKeys, kept: KeptHeads): Promise<Verdict> {
  const database = await openTrail(dataDir);
  if (!database)
    throw new CommandError(
      `there is no audit trail in ${dataDir}: set DATABASE_URL, or DATA_DIR to the portal's folder`,
    );
  try {
    return await verifyKept(database, keys, kept);
  } catch (error) {
    if (!(error instanceof StatementError) || error.code !== UNDEFINED_TABLE) throw error;
    throw new CommandError('this database has no audit trail: start the portal on it first');
  } finally {
    await database.close();
  }
}
