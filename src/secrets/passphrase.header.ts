import { validationFailed } from '../common/common.errors.js';
import { PASSPHRASE_MAX_CHARACTERS } from './dto/passphrase.decorator.js';

/** Request headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** As it is. Spaces at its ends are lost on the way. */
export const PASSPHRASE_HEADER = 'X-Passphrase';
/** Percent-encoded UTF-8, for any passphrase. */
export const ENCODED_PASSPHRASE_HEADER = 'X-Passphrase-Encoded';

const PRINTABLE = /^[\x20-\x7e]*$/;
const MOST = PASSPHRASE_MAX_CHARACTERS;

/** @returns undefined for a header that is absent or empty */
function textOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refuse(field: string, message: string): never {
  throw validationFailed([{ field, message, limit: MOST }]);
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

/** What a script, or the web app, offers where there is no body. @throws ProblemError validation_failed */
export function passphraseIn(headers: RequestHeaders): { readonly passphrase?: string } {
  const encoded = textOf(headers, ENCODED_PASSPHRASE_HEADER);
  const raw = textOf(headers, PASSPHRASE_HEADER);
  const field = encoded === undefined ? PASSPHRASE_HEADER : ENCODED_PASSPHRASE_HEADER;
  // Headers carry bytes: what a script sends as UTF-8 arrives as Latin-1.
  const passphrase =
    encoded === undefined ? raw && Buffer.from(raw, 'latin1').toString('utf8') : decoded(encoded);
  if (passphrase === undefined) return {};
  return passphrase.length > MOST ? refuse(field, `must be at most ${MOST} characters`) : { passphrase };
}
