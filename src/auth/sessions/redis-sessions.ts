import type { RandomSource } from '../../crypto/random-source.port.js';
import { BUCKETS, sessionIndexKey, sessionKeys } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import type { ScriptDefinition } from '../../redis/script/script.js';
import type { Person } from '../principal.js';
import type { NewSession, SessionFacts, SessionRow, SessionStore } from './session-store.port.js';
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

const beginScript: ScriptDefinition<void> = {
  name: 'begin-session',
  from: import.meta.url,
  keys: 3,
  parse: () => undefined,
};
const touchScript: ScriptDefinition<SessionFacts | undefined> = {
  name: 'touch-session',
  from: import.meta.url,
  keys: 1,
  parse: ([facts]) => (facts === undefined ? undefined : parseFacts(facts)),
};
const dropScript: ScriptDefinition<boolean> = {
  name: 'drop-session',
  from: import.meta.url,
  keys: 2,
  parse: ([count]) => count === 1,
};
const listScript: ScriptDefinition<Buffer[]> = {
  name: 'list-sessions',
  from: import.meta.url,
  keys: 1,
  parse: (ids) => ids.map((id) => Buffer.from(String(id), 'hex')),
};
const lookScript: ScriptDefinition<StoredRow | undefined> = {
  name: 'look-session',
  from: import.meta.url,
  keys: 1,
  parse: ([facts, made, seen, ends]) =>
    facts === undefined
      ? undefined
      : {
          facts: parseFacts(facts),
          createdAt: Number(made),
          seenAt: Number(seen),
          endsAt: Number(ends),
        },
};

function bucketOf(id: Buffer): number {
  return (id[0] as number) % BUCKETS;
}

/** Sessions in Redis, under the hash of their token: a copy of Redis, or its backup, gives no access. */
export class RedisSessions implements SessionStore {
  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly random: RandomSource,
    private readonly limits: SessionLimits,
  ) {}

  async begin(facts: SessionFacts, old?: string): Promise<NewSession> {
    const oldId = isToken(old) ? tokenId(old) : undefined;
    const token = this.freshToken(oldId);
    const id = tokenId(token);
    const { session, index } = sessionKeys(id);
    const former = oldId ?? id;
    const { idleMs, mostMs } = this.limits;
    await this.redis.run(
      beginScript,
      session,
      sessionKeys(former).session,
      index,
      id.toString('hex'),
      former.toString('hex'),
      JSON.stringify(facts),
      idleMs,
      mostMs,
    );
    return { token, handle: handleOf(id) };
  }

  async touch(token: string): Promise<Person | undefined> {
    if (!isToken(token)) return undefined;
    const id = tokenId(token);
    const facts = await this.redis.run(touchScript, sessionKeys(id).session, this.limits.idleMs);
    return facts && { kind: 'person', ...facts, sessionId: handleOf(id) };
  }

  async peek(token: string): Promise<Person | undefined> {
    if (!isToken(token)) return undefined;
    const id = tokenId(token);
    const row = await this.look(id);
    return row && { kind: 'person', ...row.facts, sessionId: row.handle };
  }

  async drop(token: string): Promise<string | undefined> {
    if (!isToken(token)) return undefined;
    const id = tokenId(token);
    return (await this.end(id)) ? handleOf(id) : undefined;
  }

  async list(limit: number): Promise<SessionRow[]> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) =>
      this.redis.run(listScript, sessionIndexKey(bucket), '', limit),
    );
    const ids = (await Promise.all(buckets)).flat();
    const rows = await Promise.all(ids.map((id) => this.look(id)));
    return rows
      .filter((row) => row !== undefined)
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, limit);
  }

  async revoke(handle: string): Promise<boolean> {
    if (!isHandle(handle)) return false;
    const bucket = bucketOf(Buffer.from(handle, 'hex'));
    const [id] = await this.redis.run(listScript, sessionIndexKey(bucket), handle, 1);
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
    const row = await this.redis.run(lookScript, sessionKeys(id).session);
    return row && { handle: handleOf(id), ...row };
  }

  private end(id: Buffer): Promise<boolean> {
    const { session, index } = sessionKeys(id);
    return this.redis.run(dropScript, session, index, id.toString('hex'));
  }
}
