import type { Person } from '@burnbag/contract';

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
