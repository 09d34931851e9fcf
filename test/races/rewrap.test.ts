import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { readArea } from '../../src/platform/config/config.reader.js';
import { redisArea } from '../../src/platform/config/sections/redis.config.js';
import { configuredTarget, type RedisTarget } from '../../src/platform/config/redis-target.js';
import { formatKey, parseKeyring } from '../../src/crypto/keyring/keyring.spec-format.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { ScriptConnection } from '../../src/redis/script/script-connection.js';
import { RedisWrappedRecords } from '../../src/rewrap/redis-wrapped-records.js';
import { Rewrap, type RewrapReport } from '../../src/rewrap/rewrap.js';
import type { WrappedRecord, WrappedRecords } from '../../src/rewrap/wrapped-records.port.js';
import { keysOf, openPortal, type Portal } from '../int/kit/portal.js';
import { revealRequest, ConcurrentRequests } from './concurrent-requests.js';

const ROUNDS = 15;
const READERS = 60;
const SECRETS = READERS / 4;
const VIEWS = 2;
const SPEC = [1, 2].map((id) => formatKey(id, randomBytes(32))).join(',');

let portal: Portal;
let requests: ConcurrentRequests;
let connection: ScriptConnection;
beforeAll(async () => {
  portal = await openPortal({ apps: 2, env: { BURNBAG_KEYS: SPEC } });
  requests = await ConcurrentRequests.open(
    portal.apps.map(({ url }) => url),
    READERS,
  );
  const target = configuredTarget(readArea(redisArea, { REDIS_URL: portal.redis.url }, []));
  connection = await ScriptConnection.open(target as RedisTarget, () => undefined);
});
afterAll(() => {
  requests.close();
  connection.close();
  return portal.close();
});

/** Rewraps everything: under key 1 in even turns, under key 2, the portal's own, in odd ones. */
async function wrapOnce(turn: number, records: WrappedRecords): Promise<RewrapReport> {
  const keyring = parseKeyring(SPEC).promote((turn % 2) + 1);
  const report = await new Rewrap(records, keyring, systemRandom).run(() => {});
  expect(report.unreadable).toEqual([]);
  return report;
}

/** What a rotation reads now, for one that comes to its swaps only later. */
async function readNow(records: WrappedRecords): Promise<WrappedRecords> {
  const read: (readonly WrappedRecord[])[] = [];
  for await (const page of records.pages()) read.push(page);
  return {
    pages: async function* () {
      yield* read;
    },
    swap: (record, envelope) => records.swap(record, envelope),
    forbid: (keyId, forbidden) => records.forbid(keyId, forbidden),
  };
}

it('changes no view and brings nothing back when records are rewrapped while they are claimed', async () => {
  const records = new RedisWrappedRecords(connection);
  for (let round = 0; round < ROUNDS; round++) {
    const made = Array.from({ length: SECRETS }, () => portal.client.create({ maxViews: VIEWS }));
    const ids = (await Promise.all(made)).map(({ id }) => id);
    expect(await wrapOnce(0, records)).toMatchObject({ rewrapped: SECRETS, already: 0 });
    const late = await readNow(records);

    let isOver = false;
    const wrapping = (async () => {
      for (let turn = 1; !isOver; turn += 1) await wrapOnce(turn, records);
    })();
    // Four readers of each, of which two are served.
    const shots = await requests.fire((at) => revealRequest(ids[at % SECRETS] ?? ''));
    isOver = true;
    await wrapping;
    // Its turn comes when all that it read have ended.
    expect(await wrapOnce(1, late)).toMatchObject({ rewrapped: 0, already: 0, passed: SECRETS });
    for (const [n, id] of ids.entries()) {
      const answers = shots.filter((_, at) => at % SECRETS === n).map(({ status }) => status);
      expect(answers.sort()).toEqual([200, 200, 410, 410]);
      expect(await portal.db.exists(keysOf(id).record)).toBe(0);
    }
  }
});
