import { PASSPHRASE_MAX_CHARACTERS } from '@burnbag/contract';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

import { ENCODED_PASSPHRASE_HEADER, PASSPHRASE_HEADER } from './passphrase.header.js';

/** Documents the two headers that carry a passphrase, of which a request has one at most. */
export function PassphraseHeaders(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: PASSPHRASE_HEADER,
      required: false,
      description: `With each request, where one is set: UTF-8. Not beside ${ENCODED_PASSPHRASE_HEADER}.`,
      schema: { type: 'string', maxLength: PASSPHRASE_MAX_CHARACTERS },
    }),
    ApiHeader({
      name: ENCODED_PASSPHRASE_HEADER,
      required: false,
      description: `The same as percent-encoded UTF-8, for any passphrase. Not beside ${PASSPHRASE_HEADER}.`,
      schema: { type: 'string', pattern: '^(?:[ -$&-~]|%[0-9A-Fa-f]{2})*$' },
    }),
  );
}
