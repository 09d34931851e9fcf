/**
 * Stands, in the built page only, for the post-quantum, NIST and scrypt code that the age library carries for recipients of
 * other kinds. We seal to X25519 alone, so it would be 30 kB that never run; the library meets these values only
 * when it is given an `age1pq1` or `age1tag1` recipient or a passphrase of its own, and then fails.
 */
export const MLKEM768P256 = undefined;
export const MLKEM768X25519 = undefined;
export const p256 = undefined;
export const scrypt = undefined;
