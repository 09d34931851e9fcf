/**
 * What the audit trail records of a secret, in the order of its life. `expired` comes from the reconciler, every other
 * action from the script of its transition. A new action does not compile without its projection, its count and its
 * receipt line, and frontend/src/locales/audit-actions.test.ts fails without its text in every language.
 */
export const AUDIT_ACTIONS = [
  'created',
  'viewed',
  'view_retried',
  'acknowledged',
  'attempt_failed',
  'locked',
  'unlocked',
  'burned',
  'expired',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The row that stands in the chain for an event that the database refused. */
export const SET_ASIDE = 'set_aside';

/** Every action that a row of the trail can have. */
export const TRAIL_ACTIONS = [...AUDIT_ACTIONS, SET_ASIDE] as const;
export type TrailAction = (typeof TRAIL_ACTIONS)[number];
