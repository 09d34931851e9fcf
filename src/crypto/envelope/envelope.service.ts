import { Inject, Injectable } from '@nestjs/common';
import {
  kekIdOf,
  openEnvelope,
  rewrapEnvelope,
  sealEnvelope,
  type Binding,
  type ContentAccess,
} from './envelope.js';
import { KeyringHolder } from '../keyring/keyring.holder.js';
import type { CurrentKeyring } from '../keyring/keyring.js';
import { RANDOM_SOURCE, type RandomSource } from '../random-source.port.js';

export interface SealInput extends ContentAccess {
  readonly plaintext: Uint8Array;
}

/**
 * Seals and opens stored payloads. Synchronous and stateless, so that one call is one short step of the event
 * loop.
 */
@Injectable()
export class EnvelopeService {
  constructor(
    @Inject(KeyringHolder) private readonly keys: CurrentKeyring,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
  ) {}

  /** @returns an envelope of `plaintext.length + ENVELOPE_V1_OVERHEAD` bytes under the primary key */
  seal(input: SealInput): Buffer {
    return sealEnvelope(this.keys.current, this.random, input.plaintext, input);
  }

  /**
   * @throws UnknownKeyError when its key is not held, EnvelopeDamagedError for any failure of authentication or
   * format, UnsupportedEnvelopeError for another version or algorithm
   */
  open(envelope: Uint8Array, access: ContentAccess): Buffer {
    return openEnvelope(this.keys.current, envelope, access);
  }

  /** Re-wraps the DEK under the primary key: needs neither id nor passphrase. @throws as {@link open} */
  rewrap(envelope: Uint8Array, binding: Binding): Buffer {
    return rewrapEnvelope(this.keys.current, this.random, envelope, binding);
  }

  /** @throws EnvelopeDamagedError, UnsupportedEnvelopeError */
  kekIdOf(envelope: Uint8Array): number {
    return kekIdOf(envelope);
  }
}
