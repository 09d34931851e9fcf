import { oneOf, wholeNumber } from '../config.schema.js';

/** The audit trail. */
export const auditArea = {
  ip: oneOf({
    env: 'AUDIT_IP',
    doc: 'How much of an IP address the trail and the request log keep: full, masked (its /24 or /48 network), hashed (keyed, equal addresses have equal hashes), off.',
    values: ['full', 'masked', 'hashed', 'off'],
    fallback: 'masked',
  }),
  outboxMax: wholeNumber({
    env: 'AUDIT_OUTBOX_MAX',
    doc: 'Events that may wait in Redis while the database is unavailable (about 250 bytes each); past it new secrets are refused. Each of the 16 buckets holds its share.',
    fallback: 500_000,
    min: 16,
    max: 100_000_000,
  }),
  retentionDays: wholeNumber({
    env: 'AUDIT_RETENTION_DAYS',
    doc: 'How long events, and with them receipts and statistics, are kept.',
    fallback: 365,
    min: 1,
    max: 36_500,
  }),
};
