import { Inject, Injectable } from '@nestjs/common';

import { DATABASE, type Queries, type Row } from '../../database/database.port.js';

/** A live secret as administrators see it: never its content, names or link. */
export interface LiveSecretRow extends Row {
  readonly ref: string;
  readonly kind: 'text' | 'files';
  readonly size: number;
  readonly creator: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly sealed: boolean;
  readonly passphrase_required: boolean;
  readonly recipients_only: boolean;
  readonly max_views: number;
  readonly views: number;
  readonly failed_attempts: number;
  readonly locked_until: Date | null;
}

/** The position of a secret in the list. */
export interface LiveSecretCursor {
  /** ms since the epoch */
  readonly expiresAt: number;
  readonly ref: string;
}

const COLUMNS = `ref, kind, size, creator, created_at, expires_at, sealed, passphrase_required, recipients_only,
  max_views, views, failed_attempts, locked_until`;

@Injectable()
export class LiveSecretsRepository {
  constructor(@Inject(DATABASE) private readonly database: Queries) {}

  /**
   * @param now ms @param after the last one of the page before
   * @returns by expiry, at most `count` @throws DatabaseAwayError
   */
  list(
    now: number,
    count: number,
    after: LiveSecretCursor = { expiresAt: now, ref: '' },
  ): Promise<LiveSecretRow[]> {
    // Skips what has expired since the page before.
    return this.database.query<LiveSecretRow>(
      `SELECT ${COLUMNS} FROM secrets
       WHERE state = 'live' AND expires_at > $1 AND (expires_at, ref) > ($2, $3)
       ORDER BY expires_at, ref LIMIT ${count}`,
      [new Date(now), new Date(after.expiresAt), after.ref],
    );
  }
}
