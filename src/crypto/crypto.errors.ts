/** Base of every error of this feature: branch on the class, never on the message. None of them carries key bytes. */
export abstract class CryptoError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The envelope names a key-encryption key that this process does not hold. The record itself is intact. */
export class UnknownKeyError extends CryptoError {
  constructor(
    readonly kekId: number,
    readonly destroyed = false,
  ) {
    super(`key-encryption key ${kekId} is ${destroyed ? 'destroyed' : 'not in the keyring'}`);
  }
}

/**
 * Authentication or format failed. The error does not tell which of the two tags it was: that would be an
 * oracle.
 */
export class EnvelopeDamagedError extends CryptoError {
  constructor() {
    super('the envelope is damaged, or does not belong to this secret');
  }
}

/** A version or algorithm byte that this build does not know: written by a newer one, or damaged. */
export class UnsupportedEnvelopeError extends CryptoError {
  constructor(
    readonly version: number,
    readonly algorithm?: number,
  ) {
    super(
      `unsupported envelope: version ${version}${algorithm === undefined ? '' : `, algorithm ${algorithm}`}`,
    );
  }
}

/** The caller passed bytes of a wrong length: a bug of ours, never caused by a client. */
export class InvalidLengthError extends CryptoError {
  constructor(what: string, expected: number, actual: number) {
    super(`${what} must be ${expected} bytes, not ${actual}`);
  }
}

/** A change that the keyring refuses: a conflict, or the loss of the primary key. */
export class KeyringError extends CryptoError {}

/** BURNBAG_KEYS, or the key file, cannot be used. The message names the entry and what to do, never the key. */
export class KeySourceError extends CryptoError {}

/**
 * The queue of passphrase derivations is full: the client may retry shortly. Nothing was counted or changed.
 */
export class KdfBusyError extends CryptoError {
  constructor() {
    super('too many passphrases are being checked at once');
  }
}
