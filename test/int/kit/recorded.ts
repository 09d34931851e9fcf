import { AuditKeys } from '../../../src/audit/chain/audit-keys.js';
import { verifyTrail, type Verdict } from '../../../src/audit/verify/audit-verify.js';
import { Keyring } from '../../../src/crypto/keyring/keyring.js';
import { openDatabase, type DatabaseTarget } from '../../../src/database/open-database.js';
import { outboxKeys } from '../../../src/redis/redis-keys.js';
import { until, type Portal } from './portal.js';
import { BUCKETS } from './trail.js';
import { trailRows, type TrailRow } from './trail-bench.js';

/** Where the only app of a portal keeps its trail. */
export function targetOf({ env, apps }: Portal): DatabaseTarget {
  const url = env['DATABASE_URL'];
  return url === undefined ? { dataDir: apps[0]?.dataDir ?? '' } : { url };
}

/** The rows of a portal's database, beside the running app. */
export async function recordedRows(portal: Portal): Promise<TrailRow[]> {
  const database = await openDatabase(targetOf(portal), { door: true });
  try {
    return await trailRows(database);
  } finally {
    await database.close();
  }
}

/** The trail of a portal, checked with its own keys. */
export async function verdictOn(portal: Portal): Promise<Verdict> {
  const [, key = ''] = (portal.env['BURNBAG_KEYS'] ?? '').split(':');
  const database = await openDatabase(targetOf(portal), { door: true });
  try {
    return await verifyTrail(database, new AuditKeys(Keyring.of(1, Buffer.from(key, 'base64'))));
  } finally {
    await database.close();
  }
}

/** The stream ids that wait, as `bucket id`, in the order of each bucket. */
export async function waitingIds({ db }: Portal): Promise<string[]> {
  const ids: string[] = [];
  for (const bucket of BUCKETS) {
    for (const [id] of await db.xrange(outboxKeys(bucket).outbox, '-', '+')) ids.push(`${bucket} ${id}`);
  }
  return ids;
}

/** Resolves when the database has everything that happened so far. */
export function caughtUp(portal: Portal, ms?: number): Promise<void> {
  return until(async () => (await waitingIds(portal)).length === 0, ms);
}

/** A metric without labels. */
export async function metric({ client }: Portal, name: string): Promise<number> {
  const { text } = await client.send('GET', '/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`there is no metric ${name}`);
  return Number(line.slice(name.length + 1));
}
