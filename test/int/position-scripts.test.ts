import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { RedisOutbox } from '../../src/audit/outbox/redis-outbox.js';
import { outboxKeys, secretKeys } from '../../src/redis/redis-keys.js';
import { advanceOutboxScript, reconcileSecretScript } from '../../src/audit/position/redis-reconciler.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import { redisMatrix, startRedis } from '../support/redis-server.js';
import { keyspace } from './kit/portal.js';
import { ScriptBench, TOMBSTONE_MS } from './kit/script-bench.js';

const BUCKET = 3;
const { outbox: OUTBOX, head: HEAD } = outboxKeys(BUCKET);

/** A head of the stored form; who signed it does not matter to scripts. */
function headOf(sequence: number): Buffer {
  const head = Buffer.alloc(123, 7);
  head[0] = 1;
  head.writeInt16BE(BUCKET, 1);
  head.writeBigInt64BE(BigInt(sequence), 3);
  return head;
}

describe.each(redisMatrix())('the scripts of the position on $name', ({ version }) => {
  let db: Redis;
  let runner: ScriptRunner;
  let outbox: RedisOutbox;

  beforeAll(async () => {
    const { url } = await startRedis({ version });
    db = new Redis(url);
    runner = new ScriptRunner(db, !version?.startsWith('6'), () => undefined);
    outbox = new RedisOutbox(runner, TOMBSTONE_MS);
  });
  beforeEach(() => db.flushall());
  afterAll(() => db.disconnect());

  const add = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await db.xadd(OUTBOX, id, 'action', 'viewed');
    await db.xgroup('CREATE', OUTBOX, 'relay', '0').catch(() => undefined);
  };
  const kept = () => db.getBuffer(HEAD);
  const ids = async () => (await db.xrange(OUTBOX, '-', '+')).map(([id]) => id);

  describe('settle-events', () => {
    const settle = (head: number, base: number, added: string[], known: string[] = []) =>
      outbox.settle(BUCKET, { head: headOf(head), base: headOf(base), added, known });

    it('keeps the head of a first batch, and of the next', async () => {
      await add('1-1', '1-2', '1-3');
      expect(await settle(2, 0, ['1-1', '1-2'])).toBe(true);
      expect([await kept(), await ids()]).toEqual([headOf(2), ['1-3']]);
      expect(await settle(3, 2, ['1-3'])).toBe(true);
      expect([await kept(), await ids()]).toEqual([headOf(3), []]);
    });

    it('leaves a newer head alone', async () => {
      await add('1-1');
      await db.set(HEAD, headOf(9));
      expect(await settle(4, 3, ['1-1'])).toBe(true);
      expect([await kept(), await ids()]).toEqual([headOf(9), []]);
    });

    it('takes events away that were known, which are not counted', async () => {
      await add('1-2');
      await db.set(HEAD, headOf(1));
      expect(await settle(2, 1, ['1-2'], ['1-1'])).toBe(true);
      expect([await kept(), await ids()]).toEqual([headOf(2), []]);
    });

    it.each([
      ['an event is not here', 1, ['1-1', '1-2']],
      ['the head from before is older', 0, ['1-1']],
    ])('keeps no head where %s', async (_, before, added) => {
      await add('1-1');
      await db.set(HEAD, headOf(before));
      expect(await settle(1 + added.length, 1, added)).toBe(false);
      expect(await kept()).toEqual(headOf(before));
    });
  });

  describe('confirm-position', () => {
    const confirm = (was: Buffer | undefined, streamIds: string[], complete = true) =>
      outbox.confirm(BUCKET, was, headOf(5), { streamIds, complete });

    it('catches up where all events wait', async () => {
      await add('1-1', '1-2');
      await db.set(HEAD, headOf(3));
      expect(await confirm(headOf(3), ['1-1', '1-2'])).toBe('ok');
      expect([await kept(), await ids()]).toEqual([headOf(5), ['1-1', '1-2']]);
    });

    it.each([
      ['one event is missing', ['1-1', '1-2'], true],
      ['not all of them are known', ['1-1'], false],
    ])('is behind and changes nothing where %s', async (_, streamIds, complete) => {
      await add('1-1');
      await db.set(HEAD, headOf(3));
      const before = await keyspace(db);
      expect(await confirm(headOf(3), streamIds, complete)).toBe('behind');
      expect(await keyspace(db)).toEqual(before);
    });

    it('decides nothing where the head is another by now, or is there at last', async () => {
      await db.set(HEAD, headOf(4));
      expect(await confirm(headOf(3), [])).toBe('changed');
      expect(await confirm(undefined, [])).toBe('changed');
      expect(await kept()).toEqual(headOf(4));
    });
  });

  it('advance-outbox moves the ids on, never back, and leaves no event', async () => {
    const advance = (id: string) => runner.run(advanceOutboxScript, { outbox: OUTBOX }, { id });
    await advance('9999999999999-5');
    await advance('1-1');
    expect(await ids()).toEqual([]);
    expect(await db.xadd(OUTBOX, '*', 'action', 'viewed')).toBe('9999999999999-6');
  });

  describe('reconcile-secret', () => {
    const ORIGIN = '["system",null,null]';
    const at = Date.now() - 60_000;
    const run = (bench: ScriptBench, views: number, reason: string, dry = false) =>
      runner.run(reconcileSecretScript, secretKeys(bench.ref), {
        origin: ORIGIN,
        viewsLeft: views,
        reason,
        endedAt: reason === '' ? 0 : at,
        tombstoneMs: TOMBSTONE_MS,
        isDry: dry,
      });
    const live = async (maxViews = 1): Promise<ScriptBench> => {
      const bench = new ScriptBench(db, runner);
      await db.set(bench.keys.record, bench.record({ maxViews }), 'PX', 3_600_000);
      return bench;
    };
    const endOf = async (bench: ScriptBench) => {
      const raw = await db.getBuffer(bench.keys.tombstone);
      return raw && { reason: raw[1], at: raw.readUIntBE(2, 6) };
    };

    it('burns what came back, records it, and says how it ended', async () => {
      const bench = await live();
      expect(await run(bench, 0, 'viewed')).toBe('REVIVED');
      expect(await db.exists(bench.keys.record)).toBe(0);
      expect(await endOf(bench)).toEqual({ reason: 1, at });
      expect(await bench.events()).toEqual([`burned {"by":"system"} ${ORIGIN}`]);
      expect(await run(bench, 0, 'viewed')).toBe('SAME');
    });

    it('burns what has more views than it should, and leaves what has not', async () => {
      const [more, same] = [await live(3), await live(2)];
      expect(await run(more, 1, '')).toBe('REVIVED');
      expect((await endOf(more))?.reason).toBe(2);
      expect(await run(same, 2, '')).toBe('SAME');
      expect(await db.exists(same.keys.record)).toBe(1);
    });

    it('gives an end its tombstone back for the rest of its time', async () => {
      const bench = new ScriptBench(db, runner);
      expect(await run(bench, 0, 'burned')).toBe('SAME');
      expect(await endOf(bench)).toEqual({ reason: 2, at });
      const left = await db.pttl(bench.keys.tombstone);
      expect(left).toBeGreaterThan(TOMBSTONE_MS - 120_000);
      expect(left).toBeLessThanOrEqual(TOMBSTONE_MS - 60_000);
    });

    it('counts what should be live and is not there', async () => {
      expect(await run(new ScriptBench(db, runner), 1, '')).toBe('LOST');
      expect(await keyspace(db)).toEqual({});
    });

    it('changes nothing when it only counts, nor what is damaged', async () => {
      const [bench, damaged] = [await live(), await live()];
      await db.set(damaged.keys.record, randomBytes(200));
      const before = await keyspace(db);
      expect(await run(bench, 0, 'viewed', true)).toBe('REVIVED');
      expect(await run(new ScriptBench(db, runner), 0, 'viewed', true)).toBe('SAME');
      expect(await run(damaged, 0, 'viewed')).toBe('DAMAGED');
      expect(await keyspace(db)).toEqual(before);
    });
  });
});
