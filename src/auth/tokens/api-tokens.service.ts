import {
  isLongerThan,
  TOKEN_NAME_MAX_CHARACTERS,
  TOKEN_PAGE_MAX,
  TOKEN_SCOPES,
  TOKEN_TTL_MAX_SECONDS,
  TOKEN_TTL_MIN_SECONDS,
  type TokenHolder,
  type TokenScope,
} from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { validationFailed } from '../../platform/http/problem/common.errors.js';
import { RANDOM_SOURCE, type RandomSource } from '../../crypto/random-source.port.js';
import { TOKEN_CURSOR } from './page-query.js';
import { tokenInvalid, tokenNotFound } from './tokens.errors.js';
import type { ApiToken, TokenCursor } from './token-store.types.js';
import { RedisApiTokens } from './store/redis-api-tokens.js';
import { newTokenText, parseTokenId, tokenHash } from './token-text.js';

const CONTROL = /\p{Cc}/u;
const CURSOR = new RegExp(TOKEN_CURSOR);

export interface TokenRequest {
  /** 1 to 100 characters, none of them a control character; for people. */
  readonly name: string;
  /** At least one. */
  readonly scopes: readonly TokenScope[];
  /** From a minute to 366 days. */
  readonly ttlSeconds: number;
}

/** Creates, checks, lists and revokes API tokens. The caller has checked the permission. */
@Injectable()
export class ApiTokens {
  constructor(
    private readonly store: RedisApiTokens,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
  ) {}

  /**
   * @param owner the account of the person who makes it
   * @returns the token itself, which is shown once and not stored, and its facts
   * @throws ProblemError validation_failed, store_unavailable
   */
  async issue(request: TokenRequest, owner: string): Promise<{ secret: string; token: ApiToken }> {
    const { name, ttlSeconds } = request;
    requireTokenRequest(request);
    const secret = newTokenText(this.random);
    const hash = tokenHash(secret);
    if (!hash) throw new TypeError('a new token does not have the form of a token');
    const scopes = TOKEN_SCOPES.filter((scope) => request.scopes.includes(scope));
    const token = await this.store.create({ hash, name, owner, scopes, ttlMs: ttlSeconds * 1000 });
    return { secret, token };
  }

  /**
   * The principal of a token. Asks the store each time, so that a revocation takes effect at once; refuses
   * malformed tokens without asking.
   * @throws ProblemError token_invalid, store_unavailable
   */
  async authenticate(text: string): Promise<TokenHolder> {
    const hash = tokenHash(text);
    if (!hash) throw tokenInvalid();
    const use = await this.store.use(hash);
    if (use.kind === 'missing') throw tokenInvalid();
    if (use.kind === 'expired') throw tokenInvalid(use.at);
    const { id, name, scopes, owner } = use.token;
    return { kind: 'token', tokenId: id, name, scopes, owner };
  }

  /**
   * @param owner whose tokens; undefined: all @param limit 1 to 100 @param cursor of the page before
   * @throws ProblemError validation_failed, store_unavailable
   */
  async list(
    owner: string | undefined,
    limit: number,
    cursor?: string,
  ): Promise<{ tokens: readonly ApiToken[]; nextCursor: string | undefined }> {
    if (!Number.isInteger(limit) || limit < 1 || limit > TOKEN_PAGE_MAX)
      throw validationFailed([{ field: 'limit', message: `must be 1 to ${TOKEN_PAGE_MAX}` }]);
    const { tokens, next } = await this.store.list(limit, owner, parseCursor(cursor));
    return { tokens, nextCursor: next && `${next.createdAt}-${next.id}` };
  }

  /**
   * @param owner the required owner; undefined: any, for an administrator
   * @throws ProblemError token_not_found, store_unavailable
   */
  async revoke(id: string, owner: string | undefined): Promise<void> {
    const bytes = parseTokenId(id);
    if (!bytes || !(await this.store.revoke(bytes, owner))) throw tokenNotFound();
  }
}

function requireTokenRequest({ name, scopes, ttlSeconds }: TokenRequest): void {
  const known = scopes.every((scope) => TOKEN_SCOPES.includes(scope));
  const inTime =
    Number.isInteger(ttlSeconds) &&
    ttlSeconds >= TOKEN_TTL_MIN_SECONDS &&
    ttlSeconds <= TOKEN_TTL_MAX_SECONDS;
  const named =
    name.isWellFormed() &&
    name.trim() !== '' &&
    !isLongerThan(name, TOKEN_NAME_MAX_CHARACTERS) &&
    !CONTROL.test(name);
  const problems = [
    {
      ok: named,
      field: 'name',
      message: `must be 1 to ${TOKEN_NAME_MAX_CHARACTERS} characters without control characters`,
    },
    {
      ok: known && scopes.length > 0,
      field: 'scopes',
      message: `must be some of ${TOKEN_SCOPES.join(', ')}`,
    },
    {
      ok: inTime,
      field: 'ttlSeconds',
      message: `must be a whole number from ${TOKEN_TTL_MIN_SECONDS} to ${TOKEN_TTL_MAX_SECONDS}`,
    },
  ].flatMap(({ ok, field, message }) => (ok ? [] : [{ field, message }]));
  if (problems.length > 0) throw validationFailed(problems);
}

function parseCursor(cursor: string | undefined): TokenCursor | undefined {
  if (cursor === undefined) return undefined;
  const [, createdAt, id] = CURSOR.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw validationFailed([{ field: 'cursor', message: 'must be the nextCursor of the page before' }]);
  return { createdAt: Number(createdAt), id };
}
