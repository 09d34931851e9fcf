/** @returns `length` bytes of the browser's cryptographic random source */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(length));

/**
 * A uniform integer in [0, bound), by rejection: a plain modulo would favour the low values.
 * @param bound 1 to 256
 */
export function randomBelow(bound: number, bytes: (length: number) => Uint8Array = randomBytes): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 256) throw new RangeError('bound must be 1 to 256');
  const limit = 256 - (256 % bound);
  for (;;) {
    const [byte] = bytes(1);
    if (byte !== undefined && byte < limit) return byte % bound;
  }
}
