import { Inject, Injectable } from '@nestjs/common';

import { isAmong, readerMark } from './recipients.js';
import type { SecretAddress } from './secret-address.js';
import { SECRET_STORE, type Look, type Refusal, type SecretStore } from './secret-store.port.js';
import type { Visitor } from './visitor.js';

/** Returns not-recipient and writes an audit event, unless the caller is a named recipient. */
@Injectable()
export class ReaderLook {
  constructor(@Inject(SECRET_STORE) private readonly store: SecretStore) {}

  async execute(secret: SecretAddress, { origin, reader }: Visitor): Promise<Look | Refusal> {
    const look = await this.store.look(secret.ref);
    const recipients = look.kind === 'ok' ? look.facts.recipients : undefined;
    if (!recipients) return look;
    const mark = readerMark(secret, reader);
    if (!mark) return { kind: 'sign-in-required' };
    if (isAmong(recipients, mark)) return look;
    await this.store.turnAway(secret.ref, mark, origin);
    return { kind: 'not-recipient' };
  }
}
