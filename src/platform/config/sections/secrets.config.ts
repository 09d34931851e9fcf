import { DEFAULT_POLICY, SECRET_TTL_MAX_SECONDS, VIEWS_MAX } from '@burnbag/contract';

import { oneOf, wholeNumber } from '../config.schema.js';

const DAY = 86_400;
const PIB = 2 ** 50;

/** Limits and times of a secret. */
export const secretsArea = {
  ttlDefaultSeconds: wholeNumber({
    env: 'SECRET_TTL_DEFAULT_SECONDS',
    doc: 'Life of a secret that asks for none.',
    fallback: DEFAULT_POLICY.secretTtlDefaultSeconds,
    min: 1,
    max: SECRET_TTL_MAX_SECONDS,
  }),
  ttlMaxSeconds: wholeNumber({
    env: 'SECRET_TTL_MAX_SECONDS',
    doc: 'Longest life a secret may ask for.',
    fallback: DEFAULT_POLICY.secretTtlMaxSeconds,
    min: 1,
    max: SECRET_TTL_MAX_SECONDS,
  }),
  viewsMax: wholeNumber({
    env: 'SECRET_VIEWS_MAX',
    doc: 'How often a secret may open at most.',
    fallback: VIEWS_MAX,
    min: 1,
    max: VIEWS_MAX,
  }),
  passphraseRequired: oneOf({
    env: 'PASSPHRASE_REQUIRED',
    doc: 'on: every secret needs a passphrase. Of a sealed one the server has only the statement of its sender.',
    values: ['on', 'off'],
    fallback: 'off',
  }),
  sealedRequired: oneOf({
    env: 'SEALED_REQUIRED',
    doc: 'on: only content that the sender has encrypted is accepted, so that this server never sees it.',
    values: ['on', 'off'],
    fallback: 'off',
  }),
  recipientsRequired: oneOf({
    env: 'RECIPIENTS_REQUIRED',
    doc: 'on: every secret names the people who may open it. Needs AUTH_MODE=oidc.',
    values: ['on', 'off'],
    fallback: 'off',
  }),
  maxBytes: wholeNumber({
    env: 'SECRET_MAX_BYTES',
    doc: 'Largest content, in bytes of UTF-8.',
    fallback: DEFAULT_POLICY.secretMaxBytes,
    min: 1,
    max: 16_777_216,
  }),
  clientBytesPerHour: wholeNumber({
    env: 'SECRET_CLIENT_BYTES_PER_HOUR',
    doc: 'Most bytes of texts that one client IP address or API token may send in an hour, at least twice SECRET_MAX_BYTES. Counted while RATE_LIMIT is on. 0: no limit.',
    fallback: 104_857_600,
    min: 0,
    max: PIB,
  }),
  quotaBytes: wholeNumber({
    env: 'SECRET_QUOTA_BYTES',
    doc: 'Memory in use of Redis, in bytes, from which new secrets are refused. It includes everything in Redis: sessions and events of the trail, too. 0: only the maxmemory of Redis.',
    fallback: 0,
    min: 0,
    max: PIB,
  }),
  claimLeaseSeconds: wholeNumber({
    env: 'CLAIM_LEASE_SECONDS',
    doc: 'How long a reader who claimed a view may fetch it again after a broken connection.',
    fallback: DEFAULT_POLICY.claimLeaseSeconds,
    min: 1,
    max: 3_600,
  }),
  tombstoneTtlSeconds: wholeNumber({
    env: 'TOMBSTONE_TTL_SECONDS',
    doc: 'Seconds in which a late reader is told when the secret was opened or burned.',
    fallback: DAY,
    min: 300,
    max: 365 * DAY,
  }),
  passphraseAttempts: wholeNumber({
    env: 'PASSPHRASE_ATTEMPTS',
    doc: 'Wrong passphrases before a secret locks.',
    fallback: DEFAULT_POLICY.passphraseAttempts,
    min: 1,
    max: 100,
  }),
  passphraseLockSeconds: wholeNumber({
    env: 'PASSPHRASE_LOCK_SECONDS',
    doc: 'How long it stays locked.',
    fallback: DEFAULT_POLICY.passphraseLockSeconds,
    min: 1,
    max: 30 * DAY,
  }),
};
