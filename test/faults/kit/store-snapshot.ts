import { isDeepStrictEqual } from 'node:util';

import type { Redis } from 'ioredis';
import pg from 'pg';

import type { Lived, Row } from './history-checker.js';

const BUCKETS = Array.from({ length: 16 }, (_, bucket) => bucket);
const tag = (bucket: number): string => `bb:{${bucket.toString(16).padStart(2, '0')}}:`;

/** What is left when everything is over, read without a line of the program. */
export class StoreSnapshot {
  private constructor(
    private readonly client: pg.Client,
    private readonly redis: Redis,
  ) {}

  static async of(databaseUrl: string, redis: Redis): Promise<StoreSnapshot> {
    const client = new pg.Client({ connectionString: databaseUrl });
    // A query that fails says so itself; what happens after the last one is nobody's concern.
    client.on('error', () => undefined);
    await client.connect();
    return new StoreSnapshot(client, redis);
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** @returns events that wait in Redis, and secrets whose time is over without an end in the database */
  async outstanding(): Promise<number> {
    const lengths = await Promise.all(BUCKETS.map((bucket) => this.redis.xlen(`${tag(bucket)}outbox`)));
    const due = await this.select<{ due: string }>(
      "SELECT count(*) AS due FROM secrets WHERE state = 'live' AND expires_at < now()",
    );
    return lengths.reduce((sum, length) => sum + length, 0) + Number(due[0]?.due);
  }

  /** Every row, in the order of the chains. */
  async rows(): Promise<Row[]> {
    const rows = await this.select<Record<string, unknown>>(
      'SELECT * FROM audit_events ORDER BY bucket, sequence',
    );
    return rows.map((row) => ({
      bucket: Number(row['bucket']),
      sequence: Number(row['sequence']),
      streamId: String(row['stream_id']),
      ref: String(row['ref']),
      action: String(row['action']),
      at: (row['created_at'] as Date).getTime(),
      actor: row['actor'] as string | null,
      ipAddress: row['ip_address'] as string | null,
      agent: row['user_agent'] as string | null,
      extra: row['extra_data'] as Row['extra'],
    }));
  }

  /** The table of secrets, in the form of {@link secretsFrom}. */
  async secrets(): Promise<Map<string, object>> {
    const rows = await this.select<Record<string, unknown> & { ref: string }>('SELECT * FROM secrets');
    return new Map(rows.map(({ ref, ...row }) => [ref, { ...row, size: Number(row['size']) }]));
  }

  /** `hour bucket action` with their counts. */
  async hours(): Promise<Map<string, number>> {
    const rows = await this.select<{ hour: Date; bucket: number; action: string; events: string }>(
      'SELECT * FROM audit_hours',
    );
    return new Map(
      rows.map((row) => [`${row.hour.getTime()} ${row.bucket} ${row.action}`, Number(row.events)]),
    );
  }

  /** References with what Redis keeps of them: the views left in a record, the end in a tombstone. */
  async kept(): Promise<{ records: Map<string, number>; tombstones: Map<string, string> }> {
    const [records, tombstones] = [new Map<string, number>(), new Map<string, string>()];
    for (const bucket of BUCKETS) {
      for (const key of await this.redis.keys(`${tag(bucket)}[st]:*`)) {
        const ref = key.slice(-32);
        const bytes = await this.redis.getrangeBuffer(key, 0, 7);
        // docs of the formats: a record has its views left at 3, a tombstone its reason at 1 and its time at 2.
        if (key.at(-34) === 's') records.set(ref, bytes[3] ?? -1);
        else
          tombstones.set(
            ref,
            `${['', 'viewed', 'burned', 'expired'][bytes[1] ?? 0]} ${bytes.readUIntBE(2, 6)}`,
          );
      }
    }
    return { records, tombstones };
  }

  private async select<R extends pg.QueryResultRow>(sql: string): Promise<R[]> {
    return (await this.client.query<R>(sql)).rows;
  }
}

/** What the table of secrets must be, from the rows alone. */
export function secretsFrom(lived: ReadonlyMap<string, Lived>): Map<string, object> {
  const count = (rows: readonly Row[], action: string) => rows.filter((row) => row.action === action).length;
  return new Map(
    [...lived].map(([ref, { rows, last }]) => {
      const [created] = rows as [Row];
      const { kind, size, sealed, passphraseRequired, maxViews, ttlSeconds } = created.extra;
      const lock = rows.findLast(({ action }) => action === 'locked' || action === 'unlocked');
      const locked = lock?.extra['until'];
      const end = last.end && rows.findLast(({ action }) => action === last.end?.how);
      return [
        ref,
        {
          kind,
          size,
          creator: created.actor,
          created_at: new Date(created.at),
          expires_at: new Date(created.at + Number(ttlSeconds) * 1_000),
          sealed,
          passphrase_required: passphraseRequired,
          max_views: maxViews,
          recipients_only: false,
          views: count(rows, 'viewed'),
          failed_attempts: count(rows, 'attempt_failed'),
          locked_until: locked === undefined ? null : new Date(Number(locked)),
          state: last.end?.how ?? 'live',
          ended_at: end ? new Date(end.at) : null,
          ended_by: end?.actor ?? null,
        },
      ];
    }),
  );
}

/** What audit_hours must be. */
export function hoursFrom(rows: readonly Row[]): Map<string, number> {
  const hours = new Map<string, number>();
  for (const { at, bucket, action } of rows) {
    const key = `${Math.floor(at / 3_600_000) * 3_600_000} ${bucket} ${action}`;
    hours.set(key, (hours.get(key) ?? 0) + 1);
  }
  return hours;
}

/** What Redis must keep once no lease runs: the records of secrets without an end, the tombstones of all others. */
export function keptFrom(lived: ReadonlyMap<string, Lived>): Awaited<ReturnType<StoreSnapshot['kept']>> {
  const [records, tombstones] = [new Map<string, number>(), new Map<string, string>()];
  for (const [ref, { last }] of lived) {
    if (last.end) tombstones.set(ref, `${last.end.how} ${last.end.at}`);
    else records.set(ref, last.viewsLeft);
  }
  return { records, tombstones };
}

/** The first few places in which two maps differ; of rows, the columns that do. */
export function differences(
  found: ReadonlyMap<string, unknown>,
  due: ReadonlyMap<string, unknown>,
): string[] {
  const keys = new Set([...found.keys(), ...due.keys()]);
  const wrong = [...keys].filter((key) => !isDeepStrictEqual(found.get(key), due.get(key)));
  return wrong.slice(0, 5).map((key) => `${key}: ${unlike(found.get(key), due.get(key))}`);
}

function unlike(found: unknown, due: unknown): string {
  if (typeof found !== 'object' || typeof due !== 'object')
    return `${JSON.stringify(found) ?? 'nothing'} instead of ${JSON.stringify(due) ?? 'nothing'}`;
  const [left, right] = [found, due] as [Record<string, unknown>, Record<string, unknown>];
  const columns = Object.keys({ ...left, ...right }).filter(
    (name) => !isDeepStrictEqual(left[name], right[name]),
  );
  return columns.map((name) => `${name} ${unlike(String(left[name]), String(right[name]))}`).join(', ');
}
