import type { IssuedToken, IssueToken, TokenAnswer, TokenPageAnswer } from '@burnbag/contract';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

const MOST_PAGES = 50;

/** All tokens of the signed-in person, newest first: they are few. @throws ApiError */
export async function fetchTokens(api: ApiClient, signal?: AbortSignal): Promise<TokenAnswer[]> {
  const tokens: TokenAnswer[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params: Record<string, string> = cursor === null ? {} : { cursor };
    const { data } = await api.get<TokenPageAnswer>(urls.tokens(), { params, ...(signal ? { signal } : {}) });
    tokens.push(...data.tokens);
    cursor = data.nextCursor;
    if (cursor === null) return tokens;
  }
  return tokens;
}

/** @returns the token itself, which cannot be requested again @throws ApiError */
export async function createToken(api: ApiClient, token: IssueToken): Promise<IssuedToken> {
  const { data } = await api.post<IssuedToken>(urls.tokens(), token);
  return data;
}

/** It is refused from the next request on. @throws ApiError */
export async function revokeToken(api: ApiClient, id: string): Promise<void> {
  await api.delete(urls.token(id));
}
