import type { SecretStatus } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { RecipientCheck } from '../recipients/recipient-check.js';
import type { SecretIds } from '../record/secret-ids.js';
import type { Look } from '../record/secret-store.types.js';
import { problemOf } from '../secrets.errors.js';
import type { RequestContext } from '../request-context.js';

/** The part of a status that a receipt shows too. */
export function statusOf(look: Look): SecretStatus {
  const { facts, state } = look;
  const locked = look.locked && !state.claimed;
  return {
    state: state.claimed ? 'claimed' : locked ? 'locked' : 'live',
    passphraseRequired: facts.passphraseRequired,
    ...(facts.recipients && { recipientsOnly: true as const }),
    sealed: facts.sealed,
    kind: facts.files ? 'files' : 'text',
    size: look.size,
    ...(facts.files && { files: { count: facts.files.count, bytes: facts.files.bytes } }),
    viewsLeft: state.viewsLeft,
    expiresAt: new Date(facts.expiresAt).toISOString(),
    ...(locked && { retryAt: new Date(state.lockUntil).toISOString() }),
    ...(look.openedAt !== undefined && { openedAt: new Date(look.openedAt).toISOString() }),
  };
}

/** Reads the status without changing it; refuses readers who are not recipients. */
@Injectable()
export class ReadStatus {
  constructor(private readonly looking: RecipientCheck) {}

  /** @throws ProblemError secret_gone, secret_not_found, record_damaged, sign_in_required, not_recipient */
  async execute(secret: SecretIds, context: RequestContext): Promise<SecretStatus> {
    const look = await this.looking.execute(secret, context);
    if (look.kind !== 'ok') throw problemOf(look);
    return statusOf(look);
  }
}
