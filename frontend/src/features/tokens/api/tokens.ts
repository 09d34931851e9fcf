import type { TokenScope } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/** What is known of a token; the token itself is shown once and kept nowhere. Times are ISO 8601. */
export interface ApiToken {
  id: string;
  name: string;
  scopes: TokenScope[];
  owner: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

export interface NewToken {
  name: string;
  scopes: TokenScope[];
  ttlSeconds: number;
}

interface TokensAnswer {
  tokens: ApiToken[];
  nextCursor: string | null;
}

const MOST_PAGES = 50;

/** All tokens of the signed-in person, newest first: they are few. @throws ApiError */
export async function fetchTokens(api: ApiClient, signal?: AbortSignal): Promise<ApiToken[]> {
  const tokens: ApiToken[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params: Record<string, string> = cursor === null ? {} : { cursor };
    const { data } = await api.get<TokensAnswer>(urls.tokens(), { params, ...(signal ? { signal } : {}) });
    tokens.push(...data.tokens);
    cursor = data.nextCursor;
    if (cursor === null) return tokens;
  }
  return tokens;
}

/** @returns the token itself, which cannot be requested again @throws ApiError */
export async function createToken(
  api: ApiClient,
  token: NewToken,
): Promise<{ secret: string; token: ApiToken }> {
  const { data } = await api.post<{ secret: string; token: ApiToken }>(urls.tokens(), token);
  return data;
}

/** It is refused from the next request on. @throws ApiError */
export async function revokeToken(api: ApiClient, id: string): Promise<void> {
  await api.delete(urls.token(id));
}
