import type { Person } from '@burnbag/contract';

import type { RandomSource } from '../../crypto/random-source.port.js';
import { BUCKETS, sessionIndexKey, sessionKeys } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import { defineScript } from '../../redis/script/define-script.js';
import { noReply, textIn } from '../../redis/script/script-reply.js';
import type { NewSession, SessionFacts, SessionRow } from './session-store.types.js';
import { handleOf, isHandle, isToken, newToken, tokenId } from './session-token.js';

export interface SessionLimits {
  readonly idleMs: number;
  readonly mostMs: number;
}

type StoredRow = Omit<SessionRow, 'handle'>;

// The stored value was written by `begin`: it is not validated again.
function parseFacts(json: unknown): SessionFacts {
  return JSON.parse(String(json)) as SessionFacts;
}

const beginScript = defineScript(import.meta.url, 'begin-session', {
  keys: ['session', 'old', 'index'],
  args: { id: 'text', oldId: 'text', facts: 'text', idleMs: 'number', mostMs: 'number' },
  parse: noReply,
});
const touchScript = defineScript(import.meta.url, 'touch-session', {
  keys: ['session'],
  args: { idleMs: 'number' },
  parse: ([facts]) => (facts === undefined ? undefined : parseFacts(facts)),
});
const dropScript = defineScript(import.meta.url, 'drop-session', {
  keys: ['session', 'index'],
  args: { id: 'text' },
  parse: ([count]) => count === 1,
});
const listScript = defineScript(import.meta.url, 'list-sessions', {
  keys: ['index'],
  args: { prefix: 'text', limit: 'number' },
  parse: (ids) => ids.map((id) => Buffer.from(textIn(id), 'hex')),
});
const readScript = defineScript(import.meta.url, 'read-session', {
  keys: ['session'],
  args: {},
  parse: ([facts, made, seen, ends]): StoredRow | undefined =>
    facts === undefined
      ? undefined
      : {
          facts: parseFacts(facts),
          createdAt: Number(made),
          seenAt: Number(seen),
          endsAt: Number(ends),
        },
});

function bucketOf(id: Buffer): number {
  return (id[0] as number) % BUCKETS;
}

/**
 * Keeps sessions by the hash of their cookie. Every session expires: when it is idle too long, and at an
 * age. All may throw ProblemError store_unavailable. Sessions in Redis, under the hash of their token: a
 * copy of Redis, or its backup, gives no access.
 */
export class RedisSessions {
  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly random: RandomSource,
    private readonly limits: SessionLimits,
  ) {}

  /**
   * Begins a session under a fresh token, and ends the browser's old one in the same step, so that a cookie
   * planted before the sign-in opens nothing after it.
   * @param old the cookie of the request, unchecked
   */
  async begin(facts: SessionFacts, old?: string): Promise<NewSession> {
    const oldId = isToken(old) ? tokenId(old) : undefined;
    const token = this.freshToken(oldId);
    const id = tokenId(token);
    const { session, index } = sessionKeys(id);
    const former = oldId ?? id;
    const { idleMs, mostMs } = this.limits;
    const keys = { session, old: sessionKeys(former).session, index };
    await this.redis.run(beginScript, keys, {
      id: id.toString('hex'),
      oldId: former.toString('hex'),
      facts: JSON.stringify(facts),
      idleMs,
      mostMs,
    });
    return { token, handle: handleOf(id) };
  }

  /** The person of a cookie; restarts the idle limit. @returns undefined when the session does not exist */
  async touch(token: string): Promise<Person | undefined> {
    if (!isToken(token)) return undefined;
    const id = tokenId(token);
    const facts = await this.redis.run(touchScript, sessionKeys(id), { idleMs: this.limits.idleMs });
    return facts && { kind: 'person', ...facts, sessionId: handleOf(id) };
  }

  /** Like `touch`, for automatic requests of a page: an open page does not keep a person signed in. */
  async peek(token: string): Promise<Person | undefined> {
    if (!isToken(token)) return undefined;
    const id = tokenId(token);
    const row = await this.look(id);
    return row && { kind: 'person', ...row.facts, sessionId: row.handle };
  }

  /** Sign-out. @returns the handle of the session that ended; undefined when there was none */
  async drop(token: string): Promise<string | undefined> {
    if (!isToken(token)) return undefined;
    const id = tokenId(token);
    return (await this.end(id)) ? handleOf(id) : undefined;
  }

  /** Newest first. @param limit rows at most */
  async list(limit: number): Promise<SessionRow[]> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) =>
      this.redis.run(listScript, { index: sessionIndexKey(bucket) }, { prefix: '', limit }),
    );
    const ids = (await Promise.all(buckets)).flat();
    const rows = await Promise.all(ids.map((id) => this.look(id)));
    return rows
      .filter((row) => row !== undefined)
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, limit);
  }

  /** Ends a session by its handle, at once. @returns whether there was one */
  async revoke(handle: string): Promise<boolean> {
    if (!isHandle(handle)) return false;
    const bucket = bucketOf(Buffer.from(handle, 'hex'));
    const [id] = await this.redis.run(
      listScript,
      { index: sessionIndexKey(bucket) },
      { prefix: handle, limit: 1 },
    );
    return id === undefined ? false : this.end(id);
  }

  /**
   * In the bucket of the old one, so that one script can end it: that costs 4 of 256 bits and about 16
   * attempts.
   */
  private freshToken(oldId: Buffer | undefined): string {
    for (;;) {
      const token = newToken(this.random);
      if (oldId === undefined || bucketOf(tokenId(token)) === bucketOf(oldId)) return token;
    }
  }

  private async look(id: Buffer): Promise<SessionRow | undefined> {
    const row = await this.redis.run(readScript, sessionKeys(id), {});
    return row && { handle: handleOf(id), ...row };
  }

  private end(id: Buffer): Promise<boolean> {
    return this.redis.run(dropScript, sessionKeys(id), { id: id.toString('hex') });
  }
}
