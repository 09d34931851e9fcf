import { statements } from './statements.js';

/**
 * Search indexes for administrators, newest first. Every index costs the relay at each event: so values that
 * most rows share (anonymous actors, ordinary actions) are in none, and are found by time.
 */
export default statements(
  `DROP INDEX audit_events_time`,
  `CREATE INDEX audit_events_newest ON audit_events (created_at, id)`,
  `CREATE INDEX audit_events_actor ON audit_events (actor, created_at, id) WHERE actor <> 'anonymous'`,
  `CREATE INDEX audit_events_action ON audit_events (action, created_at, id)
   WHERE action NOT IN ('created', 'viewed', 'acknowledged')`,
  `CREATE INDEX audit_events_address ON audit_events (ip_address text_pattern_ops, created_at, id)`,
  `ALTER TABLE secrets ADD COLUMN recipients_only boolean NOT NULL DEFAULT false`,
);
