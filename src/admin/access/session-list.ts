import type { Sessions } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { RedisSessions } from '../../auth/sessions/redis-sessions.js';
import { sessionNotFound } from '../admin.errors.js';

/** Maximum number of sessions shown; the newest come first. */
const MOST = 500;

const iso = (ms: number) => new Date(ms).toISOString();

/** Sessions of signed-in people, for administrators. */
@Injectable()
export class SessionList {
  constructor(private readonly store: RedisSessions) {}

  /** Newest first. @throws ProblemError store_unavailable */
  async read(): Promise<Sessions> {
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
