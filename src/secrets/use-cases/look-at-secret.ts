import { Inject, Injectable } from '@nestjs/common';

import type { SecretAddress } from '../secret-address.js';
import { SECRET_STORE, type Look, type SecretStore } from '../secret-store.port.js';
import { problemOf } from '../secrets.errors.js';

export interface SecretStatus {
  readonly state: 'live' | 'locked' | 'claimed';
  readonly passphraseRequired: boolean;
  readonly sealed: boolean;
  readonly kind: 'text' | 'files';
  /** Bytes of the content (of the age file when sealed); of files, of all together. */
  readonly size: number;
  readonly files?: { readonly count: number; readonly bytes: number };
  readonly viewsLeft: number;
  readonly expiresAt: string;
  readonly retryAt?: string;
  readonly openedAt?: string;
}

/** The part of a status that a receipt shows too. */
export function statusOf(look: Look): SecretStatus {
  const { facts, state } = look;
  const locked = look.locked && !state.claimed;
  return {
    state: state.claimed ? 'claimed' : locked ? 'locked' : 'live',
    passphraseRequired: facts.passphraseRequired,
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

/** Says what is there, without touching it. */
@Injectable()
export class LookAtSecret {
  constructor(@Inject(SECRET_STORE) private readonly store: SecretStore) {}

  /** @throws ProblemError secret_gone, secret_not_found, record_damaged */
  async execute({ ref }: SecretAddress): Promise<SecretStatus> {
    const look = await this.store.look(ref);
    if (look.kind !== 'ok') throw problemOf(look);
    return statusOf(look);
  }
}
