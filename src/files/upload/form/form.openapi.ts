import {
  PASSPHRASE_MAX_CHARACTERS,
  RECIPIENTS_MAX,
  SECRET_TTL_MAX_SECONDS,
  VIEWS_MAX,
} from '@burnbag/contract';

import { FILE_COUNT_MOST } from '../../../platform/config/sections/files.config.js';

/** An address of `normalEmail` without the marks that part a list. */
const ADDRESS = '[!-+\\--:<-?A-~]+@[A-Za-z0-9.-]+';

/** The form of POST /files, whose fields `FormFieldsDto` checks. */
export const FORM_SCHEMA = {
  type: 'object',
  required: ['file'],
  additionalProperties: false,
  properties: {
    file: {
      type: 'array',
      items: { type: 'string', format: 'binary' },
      description: 'The files, each with its name.',
      minItems: 1,
      maxItems: FILE_COUNT_MOST,
    },
    note: { type: 'string', description: 'A note beside the files, up to SECRET_MAX_BYTES.' },
    passphrase: {
      type: 'string',
      description: 'Asked of every reader.',
      minLength: 1,
      maxLength: PASSPHRASE_MAX_CHARACTERS,
    },
    ttlSeconds: {
      type: 'integer',
      description: 'Life in seconds, up to SECRET_TTL_MAX_SECONDS.',
      minimum: 1,
      maximum: SECRET_TTL_MAX_SECONDS,
    },
    maxViews: {
      type: 'integer',
      description: 'How often it opens, up to SECRET_VIEWS_MAX.',
      minimum: 1,
      maximum: VIEWS_MAX,
    },
    recipients: {
      type: 'string',
      description: `1 to ${RECIPIENTS_MAX} e-mail addresses, separated by commas, semicolons or spaces.`,
      pattern: `^[\\s,;]*${ADDRESS}(?:[\\s,;]+${ADDRESS}){0,${RECIPIENTS_MAX - 1}}[\\s,;]*$`,
    },
  },
};
