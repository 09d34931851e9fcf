import { hash } from 'node:crypto';

import { BUCKETS, tokenIndexKey, tokenKeys } from '../../../redis/redis-keys.js';
import type { RedisService } from '../../../redis/redis.service.js';
import {
  createTokenScript,
  forgetTokenScript,
  listTokensScript,
  readTokenScript,
  revokeTokenScript,
  useTokenScript,
} from './redis-api-token.scripts.js';
import { tokenIdOf } from '../token-text.js';
import type { ApiToken, NewToken, TokenCursor, TokenPage, TokenUse } from '../token-store.types.js';

/** The last use is known to the minute: a busy script must not cost a write for each of its requests. */
const NOTE_USE_MS = 60_000;
/** Time after the expiry in which an owner can still see it in the list. */
const LISTED_AFTERWARDS_MS = 7 * 86_400_000;

/** A subject may be of any length and alphabet; the key has its hash. */
function ownerHash(owner: string): string {
  return hash('sha256', owner, 'hex').slice(0, 32);
}

function newestFirst(a: TokenCursor, b: TokenCursor): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.id < b.id ? 1 : -1;
}

/**
 * Keeps API tokens by their hashes. Each method throws ProblemError store_unavailable when the store is
 * down. Tokens on Redis: a hash each, in the bucket of its id, and lists in each bucket.
 */
export class RedisApiTokens {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  async create({ hash: hashed, name, owner, scopes, ttlMs }: NewToken): Promise<ApiToken> {
    const id = tokenIdOf(hashed);
    const { record, index } = tokenKeys(id);
    const keys = { record, all: index, owner: tokenIndexKey(id[0], ownerHash(owner)) };
    const times = await this.redis.run(createTokenScript, keys, {
      id: id.toString('hex'),
      hash: hashed,
      name,
      owner,
      scopes: scopes.join(','),
      ttlMs,
      afterMs: LISTED_AFTERWARDS_MS,
    });
    if (!times) throw new Error('a new token has the id of another one: the random source is broken');
    return { id: id.toString('hex'), name, owner, scopes, ...times, lastUsedAt: undefined };
  }

  /** Finds a token by its 32-byte hash, and stores the time of use at most once a minute. */
  async use(hashed: Buffer): Promise<TokenUse> {
    const id = tokenIdOf(hashed);
    const reply = await this.redis.run(useTokenScript, tokenKeys(id), {
      hash: hashed,
      betweenMs: NOTE_USE_MS,
    });
    return reply.kind === 'ok' ? { kind: 'ok', token: { id: id.toString('hex'), ...reply.token } } : reply;
  }

  /** @param owner whose tokens; undefined: all @param count maximum length of the page */
  async list(count: number, owner?: string, after?: TokenCursor): Promise<TokenPage> {
    const ownerKey = owner === undefined ? undefined : ownerHash(owner);
    const seen = { seenAt: after && String(after.createdAt), seenId: after?.id };
    const ofBucket = (bucket: number): Promise<TokenCursor[]> =>
      this.redis.run(listTokensScript, { list: tokenIndexKey(bucket, ownerKey) }, { count, ...seen });
    const lists = await Promise.all(Array.from({ length: BUCKETS }, (_, bucket) => ofBucket(bucket)));
    const marks = lists.flat().sort(newestFirst).slice(0, count);
    const tokens = await Promise.all(marks.map((mark) => this.listed(mark, ownerKey)));
    return {
      tokens: tokens.filter((token) => token !== undefined),
      next: marks.length === count ? marks.at(-1) : undefined,
    };
  }

  /**
   * The token is refused once this resolves.
   * @param id 16 bytes @param owner the required owner; undefined: any
   * @returns false when it does not exist, or has another owner
   */
  async revoke(id: Buffer, owner?: string): Promise<boolean> {
    const { record, index } = tokenKeys(id);
    const whose = owner ?? (await this.redis.run(readTokenScript, { record }, {}))?.owner;
    if (whose === undefined) return false;
    const keys = { record, all: index, owner: tokenIndexKey(id[0], ownerHash(whose)) };
    return this.redis.run(revokeTokenScript, keys, { id: id.toString('hex'), owner: whose });
  }

  /** The token of a list's entry. Removes an entry whose record has ended. */
  private async listed({ id }: TokenCursor, ownerKey: string | undefined): Promise<ApiToken | undefined> {
    const bytes = Buffer.from(id, 'hex');
    const { record } = tokenKeys(bytes);
    const token = await this.redis.run(readTokenScript, { record }, {});
    if (token) return { id, ...token };
    await this.redis.run(forgetTokenScript, { record, list: tokenIndexKey(bytes[0], ownerKey) }, { id });
    return undefined;
  }
}
