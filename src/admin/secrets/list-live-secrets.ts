import type { LiveSecret, LiveSecrets } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { orUnavailable } from '../../database/or-unavailable.js';
import { cursorInvalid, pageOf } from '../page-cursor.js';
import {
  LiveSecretsRepository,
  type LiveSecretCursor,
  type LiveSecretRow,
} from './live-secrets.repository.js';

/** Expiry in milliseconds, and a reference. */
export const LIVE_SECRETS_CURSOR = '^([0-9]{1,14})-([0-9a-f]{32})$';
const CURSOR = new RegExp(LIVE_SECRETS_CURSOR);

function parseCursor(cursor: string | undefined): LiveSecretCursor | undefined {
  if (cursor === undefined) return undefined;
  const [, expiresAt, ref] = CURSOR.exec(cursor) ?? cursorInvalid();
  return { expiresAt: Number(expiresAt), ref: ref ?? '' };
}

function shown(row: LiveSecretRow, now: number): LiveSecret {
  const { locked_until: locked } = row;
  return {
    ref: row.ref,
    kind: row.kind,
    size: row.size,
    creator: row.creator,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    sealed: row.sealed,
    passphraseRequired: row.passphrase_required,
    recipientsOnly: row.recipients_only,
    maxViews: row.max_views,
    views: row.views,
    failedAttempts: row.failed_attempts,
    lockedUntil: locked && locked.getTime() > now ? locked.toISOString() : null,
  };
}

/** The live secrets by the trail, which is a moment behind the store. */
@Injectable()
export class ListLiveSecrets {
  constructor(
    private readonly repository: LiveSecretsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** By expiry, the next to end first. @throws ProblemError validation_failed, store_unavailable */
  async execute(limit: number, cursor?: string): Promise<LiveSecrets> {
    const now = this.clock.now();
    const found = await orUnavailable(this.repository.list(now, limit + 1, parseCursor(cursor)));
    const { rows, nextCursor } = pageOf(
      found,
      limit,
      ({ expires_at: ends, ref }) => `${ends.getTime()}-${ref}`,
    );
    return { secrets: rows.map((row) => shown(row, now)), nextCursor };
  }
}
