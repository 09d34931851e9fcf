import type { ScriptReply } from './define-script.js';

type Part = ScriptReply[number] | undefined;

/** @throws TypeError when the script answered something else; the readers below likewise */
export function bytesIn(part: Part): Buffer {
  if (!Buffer.isBuffer(part)) throw new TypeError('a script answered a number where bytes were expected');
  return part;
}

/** undefined where the script answered '' or nothing. */
export function bytesOrNone(part: Part): Buffer | undefined {
  return Buffer.isBuffer(part) && part.length > 0 ? part : undefined;
}

export function textIn(part: Part): string {
  return bytesIn(part).toString('utf8');
}

export function integerIn(part: Part): number {
  if (typeof part !== 'number') throw new TypeError('a script answered bytes where a number was expected');
  return part;
}

/** The first part of a reply: a word that tells which reply it is. */
export function tagOf(reply: ScriptReply): string {
  return textIn(reply[0]);
}

/** The result that belongs to the tag of a reply. */
export function resultOf<R>(reply: ScriptReply, results: Readonly<Record<string, R>>): R {
  const tag = tagOf(reply);
  const result = results[tag];
  if (result === undefined) throw unknownTag(tag);
  return result;
}

export function unknownTag(tag: string): TypeError {
  return new TypeError(`a script answered with an unknown tag: ${tag}`);
}

/** For scripts whose reply says nothing. */
export function noReply(): void {}
