import type { Person } from '../principal.js';

/** Who signed in; what a session keeps. */
export type SessionFacts = Omit<Person, 'kind' | 'sessionId'>;

/** A session that was just made. */
export interface NewSession {
  /** The secret of the cookie: 43 base64url characters. It is nowhere else. */
  readonly token: string;
  /** Public: 16 hex digits. */
  readonly handle: string;
}

/** A session as the administrator sees it. Times in ms since the epoch. */
export interface SessionRow {
  readonly handle: string;
  readonly facts: SessionFacts;
  readonly createdAt: number;
  /** To within a twentieth of the idle limit. */
  readonly seenAt: number;
  /** At the latest; being idle ends it before. */
  readonly endsAt: number;
}

/**
 * Keeps sessions by the hash of what the cookie holds. Every session ends by itself: when it is idle too long, and at an
 * age. All may throw ProblemError store_unavailable.
 */
export interface SessionStore {
  /**
   * Begins a session under a token that did not exist before; a session that the browser had is over in the same step,
   * so what was planted in a cookie before the sign-in opens nothing after it.
   * @param old the cookie of the request, whatever it holds
   */
  begin(facts: SessionFacts, old?: string): Promise<NewSession>;
  /** The person behind a cookie; lets the idle limit begin anew. @returns undefined when there is no such session (any more) */
  touch(token: string): Promise<Person | undefined>;
  /** As `touch`, but for what a page asks by itself: nobody stays signed in by leaving it open. */
  peek(token: string): Promise<Person | undefined>;
  /** Sign-out. @returns the handle of the session that ended; undefined when there was none */
  drop(token: string): Promise<string | undefined>;
  /** Newest first. @param limit rows at most */
  list(limit: number): Promise<SessionRow[]>;
  /** Ends a session by its handle, at once. @returns whether there was one */
  revoke(handle: string): Promise<boolean>;
}

export const SESSION_STORE = Symbol('SessionStore');
