import { LINK_KEY_BYTES, linkKeyIn } from '@burnbag/contract';
import { base64urlnopad } from '@scure/base';
import { randomBytes } from '../random';

export const createLinkKey = (): Uint8Array => randomBytes(LINK_KEY_BYTES);

/** @returns the 43 characters after the # of a link */
export const formatLinkKey = (key: Uint8Array): string => base64urlnopad.encode(key);

/**
 * Reads the key from a URL fragment, with or without its '#'.
 * @returns undefined when the link is cut off or mistyped
 */
export function parseLinkKey(fragment: string): Uint8Array | undefined {
  const text = linkKeyIn(fragment);
  if (text === undefined) return undefined;
  try {
    return base64urlnopad.decode(text);
  } catch {
    return undefined;
  }
}
