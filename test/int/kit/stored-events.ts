import type { Queries } from '../../../src/database/database.port.js';

export const EVENTS_SINCE = Date.UTC(2026, 10, 1);

/**
 * Puts rows into audit_events that no relay wrote: one a second, by a hundred people at two hundred addresses, most of
 * them ordinary, far behind the sequences of a running portal. They are for searching only: no chain holds them.
 */
export async function insertEvents(database: Queries, count: number): Promise<void> {
  await database.query(
    `INSERT INTO audit_events (id, ref, action, actor, ip_address, user_agent, created_at, extra_data, bucket,
       stream_id, sequence, key_id, previous_hash, hash)
     SELECT (1000000 + n) * 16 + n % 16, md5((n / 4)::text),
       CASE WHEN n % 100 = 7 THEN 'locked' ELSE (ARRAY['created', 'viewed', 'acknowledged', 'created'])[1 + n % 4] END,
       CASE WHEN n % 50 = 3 THEN 'p' || (n / 50) % 100 || '@corp.example' ELSE 'anonymous' END,
       '10.' || (n / 7) % 200 || '.' || n % 7 || '.0', repeat('agent ', 20) || n,
       $1::timestamptz + n * interval '1 second', '{"viewsLeft": 0}', n % 16, 'stored-' || n, 1000000 + n, 1,
       '\\x00', '\\x00'
     FROM generate_series(1, $2::int) AS n`,
    [new Date(EVENTS_SINCE), count],
  );
}
