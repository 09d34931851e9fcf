import { statements } from './statements.js';

/**
 * The bytes of events that the database refused; the row of audit_events at the same position has their
 * SHA-256.
 */
export default statements(
  `CREATE TABLE audit_set_aside (
    bucket smallint NOT NULL,
    sequence bigint NOT NULL,
    stream_id text NOT NULL,
    content bytea NOT NULL,
    set_aside_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bucket, sequence)
  )`,
);
