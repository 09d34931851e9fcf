const HALF = 2 ** 32;

/**
 * Writes a whole number as 64 bits, two's complement, most significant byte first; without a BigInt, which
 * costs several times as much.
 * @returns the offset after it
 * @throws RangeError for anything but a safe integer
 */
export function putInt64(view: DataView, offset: number, value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
  view.setInt32(offset, Math.floor(value / HALF));
  view.setUint32(offset + 4, value >>> 0);
  return offset + 8;
}
