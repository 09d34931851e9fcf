import { statements } from './statements.js';

/** The audit trail and the index of secrets. */
export default statements(
  `CREATE TABLE audit_events (
    id bigint PRIMARY KEY,
    ref text NOT NULL,
    action text NOT NULL,
    actor text,
    ip_address text,
    user_agent text,
    created_at timestamptz NOT NULL,
    extra_data jsonb NOT NULL,
    bucket smallint NOT NULL,
    stream_id text NOT NULL,
    sequence bigint NOT NULL,
    key_id bigint NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
  )`,
  `CREATE UNIQUE INDEX audit_events_once ON audit_events (bucket, stream_id)`,
  `CREATE INDEX audit_events_ref ON audit_events (ref, id)`,
  `CREATE INDEX audit_events_time ON audit_events USING brin (created_at)`,
  `CREATE TABLE audit_chains (
    bucket smallint PRIMARY KEY,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    floor_sequence bigint NOT NULL,
    floor_hash bytea NOT NULL,
    key_id bigint NOT NULL,
    signature bytea NOT NULL,
    stream_id text NOT NULL DEFAULT '0-0'
  )`,
  `CREATE TABLE audit_keys (key_id bigint PRIMARY KEY, wrapped_by bigint NOT NULL, wrapped bytea NOT NULL)`,
  `CREATE TABLE audit_trail (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    trail_id uuid NOT NULL DEFAULT gen_random_uuid()
  )`,
  `CREATE TABLE audit_hours (
    hour timestamptz NOT NULL,
    bucket smallint NOT NULL,
    action text NOT NULL,
    events bigint NOT NULL,
    PRIMARY KEY (hour, bucket, action)
  )`,
  `CREATE TABLE secrets (
    ref text PRIMARY KEY,
    kind text NOT NULL,
    size bigint NOT NULL,
    creator text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    sealed boolean NOT NULL,
    passphrase_required boolean NOT NULL,
    max_views smallint NOT NULL,
    views integer NOT NULL DEFAULT 0,
    failed_attempts integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'viewed', 'burned', 'expired')),
    ended_at timestamptz,
    ended_by text
  )`,
  `CREATE INDEX secrets_live ON secrets (expires_at) WHERE state = 'live'`,
);
