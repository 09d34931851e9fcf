import { EnvelopeDamagedError, UnsupportedEnvelopeError } from '../crypto.errors.js';
import {
  ALGORITHM_AES_256_GCM,
  kekIdOfV1,
  openV1,
  rewrapV1,
  sealV1,
  VERSION_1,
  type Binding,
  type ContentAccess,
} from './envelope.v1.js';
import type { Keyring } from '../keyring/keyring.js';
import type { RandomSource } from '../random-source.port.js';

export { ENVELOPE_V1_OVERHEAD, type Binding, type ContentAccess } from './envelope.v1.js';

/** Seals in the newest format, under the primary key. */
export function sealEnvelope(
  keyring: Keyring,
  random: RandomSource,
  plaintext: Uint8Array,
  access: ContentAccess,
): Buffer {
  return sealV1(keyring.primary, random, plaintext, access);
}

/** Opens any format ever written. @throws UnknownKeyError, EnvelopeDamagedError, UnsupportedEnvelopeError */
export function openEnvelope(keyring: Keyring, envelope: Uint8Array, access: ContentAccess): Buffer {
  return openV1(keyring, supported(envelope), access);
}

/** Rewraps the DEK under the primary key and changes nothing else. @throws as {@link openEnvelope} */
export function rewrapEnvelope(
  keyring: Keyring,
  random: RandomSource,
  envelope: Uint8Array,
  binding: Binding,
): Buffer {
  return rewrapV1(keyring, keyring.primary, random, supported(envelope), binding);
}

/**
 * Id of the key that an envelope needs; works without any key. @throws EnvelopeDamagedError,
 * UnsupportedEnvelopeError
 */
export function kekIdOf(envelope: Uint8Array): number {
  return kekIdOfV1(supported(envelope));
}

/** The dispatch by version: a second version adds its case here, and the first stays readable. */
function supported(envelope: Uint8Array): Buffer {
  const [version, algorithm] = envelope;
  if (version === undefined || algorithm === undefined) throw new EnvelopeDamagedError();
  if (version !== VERSION_1) throw new UnsupportedEnvelopeError(version);
  if (algorithm !== ALGORITHM_AES_256_GCM) throw new UnsupportedEnvelopeError(version, algorithm);
  return Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
}
