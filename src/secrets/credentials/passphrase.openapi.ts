import { PASSPHRASE_MAX_CHARACTERS } from '@burnbag/contract';
import { ApiHeader } from '@nestjs/swagger';

import { ENCODED_PASSPHRASE_HEADER, PASSPHRASE_HEADER } from './passphrase.header.js';

const ANY = '%[89ABab][0-9A-Fa-f]';
/** Well-formed UTF-8 (RFC 3629), each byte past ASCII percent-encoded. */
const PERCENT_ENCODED_UTF8 = [
  '[ -$&-~]',
  '%[0-7][0-9A-Fa-f]',
  `%[Cc][2-9A-Fa-f]${ANY}`,
  `%[Dd][0-9A-Fa-f]${ANY}`,
  `%[Ee]0%[ABab][0-9A-Fa-f]${ANY}`,
  `%[Ee][1-9A-Ca-cEFef]${ANY}${ANY}`,
  `%[Ee][Dd]%[89][0-9A-Fa-f]${ANY}`,
  `%[Ff]0%[9ABab][0-9A-Fa-f]${ANY}${ANY}`,
  `%[Ff][1-3]${ANY}${ANY}${ANY}`,
  `%[Ff]4%8[0-9A-Fa-f]${ANY}${ANY}`,
].join('|');

/**
 * Documents the passphrase of a request without a body. One header, since a description cannot say that a request has one
 * of two at most; the other one is for scripts.
 */
export function PassphraseHeaders(): MethodDecorator {
  return ApiHeader({
    name: ENCODED_PASSPHRASE_HEADER,
    required: false,
    description:
      `With each request, where one is set: percent-encoded UTF-8, of at most ${PASSPHRASE_MAX_CHARACTERS} characters. ` +
      `Scripts may send ${PASSPHRASE_HEADER} instead: UTF-8 as it is, without spaces at its ends.`,
    schema: { type: 'string', pattern: `^(?:${PERCENT_ENCODED_UTF8})*$` },
  });
}
