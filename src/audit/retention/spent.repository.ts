import type { Queries, Row } from '../../database/database.port.js';
import type { EndedState } from '../events/projection.js';

/** A secret that has not expired, by the trail. */
export interface KnownSecret {
  /** 32 hex digits */
  readonly ref: string;
  readonly viewsLeft: number;
  /** How it ended; undefined while it is live. */
  readonly end: EndedState | undefined;
  /** ms since the epoch */
  readonly endedAt: number | undefined;
}

interface KnownRow extends Row {
  readonly ref: string;
  readonly state: EndedState | 'live';
  readonly views_left: number;
  readonly ended_at: Date | null;
}

/**
 * The secrets of a bucket that have not expired.
 * @param after the last reference of the page before; '' for the first page. @returns in the order of
 * references
 */
export async function unexpiredSecrets(
  queries: Queries,
  bucket: number,
  after: string,
  most: number,
): Promise<KnownSecret[]> {
  // The bucket is the low half of a reference's first byte.
  const rows = await queries.query<KnownRow>(
    `SELECT ref, state, CASE WHEN state = 'live' THEN greatest(0, max_views - views) ELSE 0 END AS views_left, ended_at
     FROM secrets WHERE substr(ref, 2, 1) = $1 AND ref > $2 AND expires_at > now() ORDER BY ref LIMIT $3`,
    [bucket.toString(16), after, most],
  );
  return rows.map(({ ref, state, views_left: viewsLeft, ended_at: endedAt }) => ({
    ref,
    viewsLeft,
    end: state === 'live' ? undefined : state,
    endedAt: endedAt?.getTime(),
  }));
}
