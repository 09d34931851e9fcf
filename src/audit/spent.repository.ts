import type { Queries, Row } from '../database/database.port.js';

/** A secret whose time is not over, of which the trail says that views were taken or that it ended. */
export interface SpentSecret {
  /** 32 hex digits */
  readonly ref: string;
  readonly viewsLeft: number;
}

interface SpentRow extends Row {
  readonly ref: string;
  readonly views_left: number;
}

/** @param after the last reference of the page before; '' for the first page. @returns in the order of references */
export async function spentSecrets(queries: Queries, after: string, most: number): Promise<SpentSecret[]> {
  const rows = await queries.query<SpentRow>(
    `SELECT ref, CASE WHEN state = 'live' THEN max_views - views ELSE 0 END AS views_left FROM secrets
     WHERE ref > $1 AND expires_at > now() AND (state <> 'live' OR views > 0) ORDER BY ref LIMIT $2`,
    [after, most],
  );
  return rows.map(({ ref, views_left: viewsLeft }) => ({ ref, viewsLeft }));
}
