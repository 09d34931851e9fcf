import { Injectable } from '@nestjs/common';

import { isAmong, recipientHash } from './recipients.js';
import type { SecretIds } from '../record/secret-ids.js';
import type { Look, Refusal } from '../record/secret-store.types.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';
import type { RequestContext } from '../request-context.js';

/** Returns not-recipient and writes an audit event, unless the caller is a named recipient. */
@Injectable()
export class RecipientCheck {
  constructor(private readonly store: RedisSecretStore) {}

  async execute(secret: SecretIds, { origin, reader }: RequestContext): Promise<Look | Refusal> {
    const look = await this.store.look(secret.ref);
    const recipients = look.kind === 'ok' ? look.facts.recipients : undefined;
    if (!recipients) return look;
    const mark = recipientHash(secret, reader);
    if (!mark) return { kind: 'sign-in-required' };
    if (isAmong(recipients, mark)) return look;
    await this.store.rejectRecipient(secret.ref, mark, origin);
    return { kind: 'not-recipient' };
  }
}
