import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { formatKey, parseKeyring } from '../../src/crypto/keyring.spec-format.js';
import { systemRandom } from '../../src/crypto/random-source.port.js';
import { ScriptConnection } from '../../src/redis/script-connection.js';
import { RedisWrappedRecords } from '../../src/rewrap/redis-wrapped-records.js';
import { Rewrap } from '../../src/rewrap/rewrap.js';
import { keysOf, openPortal, type Portal } from '../int/kit/portal.js';
import { revealRequest, Volley } from './volley.js';

const ROUNDS = 15;
const READERS = 60;
const SECRETS = READERS / 4;
const VIEWS = 2;
const SPEC = [1, 2].map((id) => formatKey(id, randomBytes(32))).join(',');

let portal: Portal;
let volley: Volley;
let connection: ScriptConnection;
beforeAll(async () => {
  portal = await openPortal({ apps: 2, env: { BURNBAG_KEYS: SPEC } });
  volley = await Volley.open(
    portal.apps.map(({ url }) => url),
    READERS,
  );
  connection = await ScriptConnection.open({ mode: 'single', address: portal.redis.url }, () => undefined);
});
afterAll(() => {
  volley.close();
  connection.close();
  return portal.close();
});

/** Wraps everything anew under one key and the other in turn until `isOver`. @returns how many swaps were made, and missed */
async function wrapOn(isOver: () => boolean): Promise<{ made: number; passed: number }> {
  const total = { made: 0, passed: 0 };
  const records = new RedisWrappedRecords(connection);
  for (let turn = 1; !isOver(); turn += 1) {
    const keyring = parseKeyring(SPEC).promote((turn % 2) + 1);
    const { rewrapped, passed, unreadable } = await new Rewrap(records, keyring, systemRandom).run(() => {});
    expect(unreadable).toEqual([]);
    total.made += rewrapped;
    total.passed += passed;
  }
  return total;
}

it('changes no view and brings nothing back when records are wrapped anew while they are claimed', async () => {
  const total = { made: 0, passed: 0 };
  // Until they did meet: records were wrapped anew in the middle, and others had ended when it was their turn.
  for (let round = 0; round < ROUNDS || total.made === 0 || total.passed === 0; round++) {
    const made = Array.from({ length: SECRETS }, () => portal.client.create({ maxViews: VIEWS }));
    const ids = (await Promise.all(made)).map(({ id }) => id);
    let isOver = false;
    const wrapping = wrapOn(() => isOver);
    // Four readers of each, of whom two are served.
    const shots = await volley.fire((at) => revealRequest(ids[at % SECRETS] ?? ''));
    isOver = true;
    const { made: swaps, passed } = await wrapping;
    total.made += swaps;
    total.passed += passed;
    for (const [n, id] of ids.entries()) {
      const answers = shots.filter((_, at) => at % SECRETS === n).map(({ status }) => status);
      expect(answers.sort()).toEqual([200, 200, 410, 410]);
      expect(await portal.db.exists(keysOf(id).record)).toBe(0);
    }
  }
});
