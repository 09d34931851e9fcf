/** A look at a global goes through all of jsdom, which a loop over megabytes cannot afford. */
const { imul } = Math;

/** Bytes without a pattern that a mistake of a whole chunk would hide in. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = imul(at + seed, 2_654_435_761) >>> 24;
  return bytes;
}
