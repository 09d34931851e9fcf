import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditSubscriber } from '../../src/audit/subscriber/audit-subscriber.js';
import { databaseMatrix } from '../support/database-matrix.js';
import { until } from './kit/portal.js';
import { TrailBench } from './kit/trail-bench.js';

/** Writes with a statement of its own and then throws what it is told, as often as it is told. */
function subscriber(name: string, failures: { left: number; error: () => Error }): AuditSubscriber {
  return {
    name,
    async onRecorded(events, transaction) {
      for (const { id } of events)
        await transaction.query('INSERT INTO copied (id, name) VALUES ($1, $2)', [id, name]);
      failures.left -= 1;
      if (failures.left >= 0) throw failures.error();
    },
  };
}

const never = { left: 0, error: () => new Error('unused') };

describe.each(databaseMatrix())('subscribers of the trail in $name', (engine) => {
  let bench: TrailBench;

  beforeAll(async () => {
    bench = await TrailBench.open(engine);
    await bench.database.query('CREATE TABLE copied (id bigint, name text)');
  });
  beforeEach(async () => {
    await bench.reset();
    await bench.database.query('DELETE FROM copied');
  });
  afterAll(() => bench.close());

  const copied = async (): Promise<unknown[]> =>
    (await bench.database.query('SELECT name FROM copied ORDER BY id, name')).map(({ name }) => name);
  const create = async (): Promise<void> => {
    const secret = bench.secret();
    await secret.create(secret.record());
  };

  it('hear of each event once, in their order', async () => {
    const loop = bench.loop({ subscribers: [subscriber('a', never), subscriber('b', never)] });
    await create();
    await create();
    await until(async () => (await copied()).length === 4);
    await loop.stop();
    expect(await copied()).toEqual(['a', 'b', 'a', 'b']);
  });

  it('stop the trail while they fail, lose nothing, and set no event aside', async () => {
    // A value that the database refuses would be a reason to set an event aside, if the event held it.
    const failures = { left: 1, error: () => new RangeError('the subscriber cannot count') };
    const loop = bench.loop({ subscribers: [subscriber('a', never), subscriber('b', failures)] });
    await create();
    await until(() => loop.reports.some(({ trail }) => trail === 'broken'));
    await until(async () => (await copied()).length === 2);
    await until(() => loop.reports.at(-1)?.trail === 'ok');
    await loop.stop();
    expect(await copied()).toEqual(['a', 'b']);
    expect(loop.reports.at(-1)).toMatchObject({ setAside: 0, events: 0 });
    expect(loop.said).toContain('error: the audit relay failed and tries again');
  });
});
