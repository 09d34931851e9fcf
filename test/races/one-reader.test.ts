import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../int/kit/client.js';
import { keysOf, openPortal, type Portal } from '../int/kit/portal.js';
import { sizeOf } from '../support/full-run.js';
import { getRequest, revealRequest, ConcurrentRequests } from './concurrent-requests.js';

const READERS = 1_000;
/** More on demand. */
const ROUNDS = sizeOf('BB_RACE_ROUNDS', { ci: 15, full: 100 });
let portal: Portal;
let requests: ConcurrentRequests;

beforeAll(async () => {
  portal = await openPortal({ apps: 3 });
  requests = await ConcurrentRequests.open(
    portal.apps.map(({ url }) => url),
    READERS,
  );
});
afterAll(() => {
  requests.close();
  return portal.close();
});

interface ConnectionOptions {
  readonly request: (id: string, at: number, claim: string) => string;
  readonly claims: (at: number) => boolean;
}

const WAYS: Readonly<Record<string, ConnectionOptions>> = {
  GET: { request: getRequest, claims: () => false },
  POST: { request: (id) => revealRequest(id), claims: () => false },
  'POST with a claim': { request: (id, _, claim) => revealRequest(id, { claim }), claims: () => true },
  'a mix of all three': {
    request: (id, at, claim) =>
      [getRequest(id), revealRequest(id), revealRequest(id, { claim })][at % 3] ?? '',
    claims: (at) => at % 3 === 2,
  },
};

/** One secret, all readers at once. @returns the position of the one who got it */
async function race(content: string, way: ConnectionOptions): Promise<void> {
  const { id } = await portal.client.create({ content });
  const claims = Array.from({ length: READERS }, newClaim);
  const shots = await requests.fire((at) => way.request(id, at, claims[at] ?? ''));
  const winners = shots.flatMap((shot, at) => (shot.status === 200 ? [{ at, body: shot.body }] : []));
  expect(winners).toHaveLength(1);
  expect(shots.filter(({ status }) => status === 410)).toHaveLength(READERS - 1);
  const [winner] = winners;
  expect(JSON.parse(winner?.body ?? '')).toMatchObject({ content, viewsLeft: 0 });
  const loser = shots.find(({ status }) => status === 410);
  expect(JSON.parse(loser?.body ?? '')).toMatchObject({ code: 'secret_gone', reason: 'viewed' });
  expect(shots.filter(({ body }) => body.includes(content))).toHaveLength(1);

  const { record, tombstone } = keysOf(id);
  if (winner && way.claims(winner.at)) {
    expect(await portal.db.exists(record)).toBe(1);
    expect((await portal.client.acknowledge(id, claims[winner.at] ?? '')).status).toBe(204);
  }
  expect(await portal.db.exists(record)).toBe(0);
  expect(await portal.db.exists(tombstone)).toBe(1);
}

describe('gives a secret to one of a thousand readers over three processes', () => {
  it.each(Object.entries(WAYS))(
    `${ROUNDS} times by %s`,
    async (name, way) => {
      for (let round = 0; round < ROUNDS; round++) await race(`content of ${name}, round ${round}!`, way);
      // The answer must also be the last word after the race.
      const left = await portal.db.keys('bb:*:s:*');
      expect(left).toEqual([]);
    },
    400_000,
  );
});
