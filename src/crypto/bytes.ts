import { InvalidLengthError } from './crypto.errors.js';

/** @throws InvalidLengthError unless `bytes` is exactly `length` long. */
export function requireLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new InvalidLengthError(what, length, bytes.length);
}

/** Overwrites key material. Best effort: the runtime may have copied it, but it no longer waits for the collector. */
export function wipe(...buffers: Uint8Array[]): void {
  for (const buffer of buffers) buffer.fill(0);
}
