import { Injectable } from '@nestjs/common';

import { RedisSessions } from '../../auth/sessions/redis-sessions.js';
import { sessionNotFound } from '../admin.errors.js';

/** Maximum number of sessions shown; the newest come first. */
const MOST = 500;

export interface ListedSession {
  /** 16 hex digits that open nothing. */
  readonly handle: string;
  readonly subject: string;
  readonly name?: string;
  readonly email?: string;
  readonly isAdmin: boolean;
  readonly via: 'oidc' | 'local';
  readonly createdAt: string;
  /** To within a twentieth of the idle limit. */
  readonly seenAt: string;
  /** At the latest. */
  readonly endsAt: string;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Sessions of signed-in people, for administrators. */
@Injectable()
export class SessionList {
  constructor(private readonly store: RedisSessions) {}

  /** Newest first. @throws ProblemError store_unavailable */
  async read(): Promise<{ sessions: readonly ListedSession[] }> {
    const rows = await this.store.list(MOST);
    const sessions = rows.map(({ handle, facts, createdAt, seenAt, endsAt }) => ({
      handle,
      ...facts,
      createdAt: iso(createdAt),
      seenAt: iso(seenAt),
      endsAt: iso(endsAt),
    }));
    return { sessions };
  }

  /** Ends a session at once. @throws ProblemError session_not_found, store_unavailable */
  async revoke(handle: string): Promise<void> {
    if (!(await this.store.revoke(handle))) throw sessionNotFound();
  }
}
