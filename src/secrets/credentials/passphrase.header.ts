import { isLongerThan, PASSPHRASE_MAX_CHARACTERS } from '@burnbag/contract';

import { decodeUtf8 } from '../../platform/http/validation/charset.js';
import { validationFailed } from '../../platform/http/problem/common.errors.js';

/** Request headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Verbatim. Spaces at its ends are lost in transit. */
export const PASSPHRASE_HEADER = 'X-Passphrase';
/** Percent-encoded UTF-8, for any passphrase. */
export const ENCODED_PASSPHRASE_HEADER = 'X-Passphrase-Encoded';

const PRINTABLE = /^[\x20-\x7e]*$/;

/** @returns undefined for a header that is absent or empty */
function textOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refuse(field: string, message: string): never {
  throw validationFailed([{ field, message, limit: PASSPHRASE_MAX_CHARACTERS }]);
}

function decoded(encoded: string): string {
  const message = 'must be percent-encoded UTF-8';
  if (!PRINTABLE.test(encoded)) refuse(ENCODED_PASSPHRASE_HEADER, message);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return refuse(ENCODED_PASSPHRASE_HEADER, message);
  }
}

/** Headers carry bytes, which Node decodes as Latin-1. */
function rawText(raw: string): string {
  return decodeUtf8(Buffer.from(raw, 'latin1')) ?? refuse(PASSPHRASE_HEADER, 'must be UTF-8 text');
}

/**
 * The passphrase of a request without a body; the same limit as in a body. Refused before anything is opened.
 * @throws ProblemError validation_failed that names the header
 */
export function passphraseIn(headers: RequestHeaders): { readonly passphrase?: string } {
  const encoded = textOf(headers, ENCODED_PASSPHRASE_HEADER);
  const raw = textOf(headers, PASSPHRASE_HEADER);
  if (encoded !== undefined && raw !== undefined) {
    refuse(ENCODED_PASSPHRASE_HEADER, `must not be sent together with ${PASSPHRASE_HEADER}`);
  }
  const field = encoded === undefined ? PASSPHRASE_HEADER : ENCODED_PASSPHRASE_HEADER;
  const passphrase = encoded === undefined ? raw && rawText(raw) : decoded(encoded);
  if (passphrase === undefined) return {};
  return isLongerThan(passphrase, PASSPHRASE_MAX_CHARACTERS)
    ? refuse(field, `must be at most ${PASSPHRASE_MAX_CHARACTERS} characters`)
    : { passphrase };
}
