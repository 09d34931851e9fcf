import type { Person } from '../principal.js';

/** Content of a session: the signed-in person. */
export type SessionFacts = Omit<Person, 'kind' | 'sessionId'>;

/** A session that was just made. */
export interface NewSession {
  /** The secret of the cookie: 43 base64url characters. It is stored nowhere else. */
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
  /** At the latest; idling ends it before. */
  readonly endsAt: number;
}

/**
 * Keeps sessions by the hash of their cookie. Every session expires: when it is idle too long, and at an age.
 * All may throw ProblemError store_unavailable.
 */
export interface SessionStore {
  /**
   * Begins a session under a fresh token, and ends the browser's old one in the same step, so that a cookie
   * planted before the sign-in opens nothing after it.
   * @param old the cookie of the request, unchecked
   */
  begin(facts: SessionFacts, old?: string): Promise<NewSession>;
  /** The person of a cookie; restarts the idle limit. @returns undefined when the session does not exist */
  touch(token: string): Promise<Person | undefined>;
  /** Like `touch`, for automatic requests of a page: an open page does not keep a person signed in. */
  peek(token: string): Promise<Person | undefined>;
  /** Sign-out. @returns the handle of the session that ended; undefined when there was none */
  drop(token: string): Promise<string | undefined>;
  /** Newest first. @param limit rows at most */
  list(limit: number): Promise<SessionRow[]>;
  /** Ends a session by its handle, at once. @returns whether there was one */
  revoke(handle: string): Promise<boolean>;
}

export const SESSION_STORE = Symbol('SessionStore');
