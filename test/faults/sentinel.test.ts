import { describe, expect, it } from '@jest/globals';

import { Client, newClaim } from '../int/kit/client.js';
import { openDatabase } from '../../src/database/open-database.js';
import { newKeys, until } from '../int/kit/portal.js';
import { startApp } from '../support/app-process.js';
import { endAfterTests } from '../support/leftovers.js';
import { createOwnDatabase } from '../support/own-database.js';
import { startSentinels } from '../support/redis-sentinels.js';
import { OpeningLoad, type Watched } from './kit/opening-load.js';

/** More of everything to see it at its full size. */
const SECRETS = Number(process.env['BB_FAILOVER_SECRETS'] ?? 40);
const WORKERS = Number(process.env['BB_FAILOVER_WORKERS'] ?? 6);
const TEST_MS = 400_000;

interface Failover {
  /** Secrets that were opened while the replicas heard nothing. */
  readonly secrets: readonly Watched[];
  readonly before: readonly number[];
  /** What other readers were answered when a replica had become the master. */
  readonly after: readonly number[];
  readonly load: OpeningLoad;
  readonly metrics: string;
}

/** How many of these secrets the trail knows to have been opened. */
async function recordedEnds(url: string, refs: readonly string[]): Promise<number> {
  const database = await openDatabase({ url });
  try {
    const sql = "SELECT 1 AS one FROM secrets WHERE state = 'viewed' AND ref = ANY($1::text[])";
    return (await database.query(sql, [refs])).length;
  } finally {
    await database.close();
  }
}

/** The links to the first replicas go dead, secrets are opened, the master dies, a replica takes its place. */
async function failover(
  quorum: number,
  deaf: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Failover> {
  const [cluster, database] = await Promise.all([startSentinels(), createOwnDatabase()]);
  const env = { ...cluster.env, BURNBAG_KEYS: newKeys(), DATABASE_URL: database.url };
  const settings = { ...env, BURN_QUORUM: String(quorum), CLAIM_LEASE_SECONDS: '600', ...more };
  const app = await startApp({ env: settings });
  const client = new Client(app.url);
  endAfterTests(async () => client.close());

  const made = Array.from({ length: SECRETS }, (_, n) => client.create({ content: `watched ${n}` }));
  const created = await Promise.all(made);
  const secrets = created.map(({ id }, n) => {
    return { id, content: `watched ${n}`, shownTo: new Set<string>() };
  });
  const load = new OpeningLoad([client], WORKERS);
  await load.progress(10);
  for (const { url } of cluster.replicas.slice(0, deaf)) cluster.line.freeze(Number(new URL(url).port));

  const open = async (secret: Watched): Promise<number> => {
    const claim = newClaim();
    // A replica that hears may do so late: then the same reader asks again.
    if (deaf < cluster.replicas.length) return load.read(client, secret, claim);
    const { status } = await client.reveal(secret.id, { claim });
    if (status === 200) secret.shownTo.add(claim);
    return status;
  };
  const before = await Promise.all(secrets.map(open));
  if (quorum === 0)
    await until(
      async () =>
        (await recordedEnds(
          database.url,
          created.map(({ ref }) => ref),
        )) === SECRETS,
    );
  const { text: metrics } = await client.send('GET', '/metrics');
  await cluster.master.kill9();
  await cluster.failedOver();
  const after = await Promise.all(secrets.map((secret) => load.read(client, secret, newClaim())));
  await load.progress(10);
  await load.end();
  await app.stop();
  return { secrets, before, after, load, metrics };
}

const openedTwice = (secrets: readonly Watched[]) => secrets.filter(({ shownTo }) => shownTo.size > 1);

function expectPromisesKept({ secrets, load }: Failover): void {
  expect(openedTwice([...secrets, ...load.opened, ...load.kept])).toEqual([]);
  // Exactly one client got each; and each promised secret was there.
  const unseen = [...secrets, ...load.opened, ...load.kept].filter(({ shownTo }) => shownTo.size === 0);
  expect(unseen).toEqual([]);
  for (const status of load.statuses.keys()) expect([200, 201, 410, 503]).toContain(status);
}

describe('a stale replica that becomes the master', () => {
  it(
    'is reconciled with the trail where no quorum is asked for: what was opened is burnt again',
    async () => {
      const { secrets, before, after } = await failover(0, 2, { REDIS_RECONCILE: 'auto' });
      expect(new Set(before)).toEqual(new Set([200]));
      expect(new Set(after)).toEqual(new Set([410]));
      expect(openedTwice(secrets)).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'brings none back with BURN_QUORUM=1: content was shown only for burns that it holds',
    async () => {
      const outcome = await failover(1, 2);
      expect(new Set(outcome.before)).toEqual(new Set([503]));
      expect(new Set(outcome.after)).toEqual(new Set([200]));
      expect(outcome.metrics).toContain('burnbag_burn_quorum_up 0');
      expect(outcome.metrics).toMatch(/burnbag_burn_quorum_failures_total\{kind="withheld"\} [1-9]/);
      expectPromisesKept(outcome);
    },
    TEST_MS,
  );
});

describe('a replica that holds every answered burn', () => {
  it(
    'keeps them when it becomes the master, and the deaf one learns from it',
    async () => {
      const outcome = await failover(1, 1);
      expect(new Set(outcome.before)).toEqual(new Set([200]));
      expect(new Set(outcome.after)).toEqual(new Set([410]));
      expect(outcome.metrics).toContain('burnbag_burn_quorum_up 1');
      expectPromisesKept(outcome);
    },
    TEST_MS,
  );
});
