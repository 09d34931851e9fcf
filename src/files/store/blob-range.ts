/** @throws RangeError unless `from` (inclusive) to `to` (exclusive) lies within `size` bytes */
export function requireRange(from: number, to: number, size: number): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to || to > size) {
    throw new RangeError(`bytes ${from} to ${to} are not within ${size}`);
  }
}
