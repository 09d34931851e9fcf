/**
 * Replaces, in the built page only, the post-quantum, NIST and scrypt code of the age library for other kinds
 * of recipients. We seal to X25519 alone, so it would be 30 kB that never run; the library uses these values
 * only for an `age1pq1` or `age1tag1` recipient or its own passphrases, and then fails.
 */
export const MLKEM768P256 = undefined;
export const MLKEM768X25519 = undefined;
export const p256 = undefined;
export const scrypt = undefined;
