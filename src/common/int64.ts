const HALF = 2 ** 32;

/**
 * Writes a whole number as 64 bits, two's complement, most significant byte first; without a BigInt on the way, which
 * costs several times as much.
 * @returns the offset behind it
 * @throws RangeError for what is no safe integer
 */
export function putInt64(view: DataView, offset: number, value: number): number {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${value} is not a whole number that is held exactly`);
  view.setInt32(offset, Math.floor(value / HALF));
  view.setUint32(offset + 4, value >>> 0);
  return offset + 8;
}
