import type {
  TokenAnswer,
  AuditEntry,
  LiveSecret,
  Overview,
  OverviewRange,
  ListedSession,
  SystemState,
  Verification,
} from '@burnbag/contract';
import type { PageOf } from '../api/admin.types';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';
import { filterParams, type AuditFilter } from '../audit-filter';

type Cursor = string | undefined;

async function get<Answer>(
  api: ApiClient,
  url: string,
  params: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const { data } = await api.get<Answer>(url, { params, ...(signal ? { signal } : {}) });
  return data;
}

const from = (cursor: Cursor): Record<string, string> => (cursor === undefined ? {} : { cursor });

/** Every call may throw ApiError. */
export const adminApi = {
  overview: (api: ApiClient, range: OverviewRange, signal?: AbortSignal) =>
    get<Overview>(api, urls.admin('overview'), { range }, signal),
  system: (api: ApiClient, signal?: AbortSignal) => get<SystemState>(api, urls.admin('system'), {}, signal),

  async secrets(api: ApiClient, cursor: Cursor, signal?: AbortSignal): Promise<PageOf<LiveSecret>> {
    type Answer = { secrets: LiveSecret[]; nextCursor: string | null };
    const { secrets, nextCursor } = await get<Answer>(api, urls.admin('secrets'), from(cursor), signal);
    return { rows: secrets, nextCursor };
  },
  async audit(
    api: ApiClient,
    filter: AuditFilter,
    cursor: Cursor,
    signal?: AbortSignal,
  ): Promise<PageOf<AuditEntry>> {
    type Answer = { events: AuditEntry[]; nextCursor: string | null };
    const params = { ...filterParams(filter), ...from(cursor) };
    const { events, nextCursor } = await get<Answer>(api, urls.admin('audit'), params, signal);
    return { rows: events, nextCursor };
  },
  async tokens(api: ApiClient, cursor: Cursor, signal?: AbortSignal): Promise<PageOf<TokenAnswer>> {
    type Answer = { tokens: TokenAnswer[]; nextCursor: string | null };
    const { tokens, nextCursor } = await get<Answer>(api, urls.admin('tokens'), from(cursor), signal);
    return { rows: tokens, nextCursor };
  },
  async sessions(api: ApiClient, _cursor: Cursor, signal?: AbortSignal): Promise<PageOf<ListedSession>> {
    const { sessions } = await get<{ sessions: ListedSession[] }>(api, urls.admin('sessions'), {}, signal);
    return { rows: sessions, nextCursor: null };
  },

  burn: (api: ApiClient, ref: string) => api.post(urls.adminSecret(ref, 'burn')),
  unlock: (api: ApiClient, ref: string) => api.post(urls.adminSecret(ref, 'unlock')),
  revokeToken: (api: ApiClient, id: string) => api.delete(urls.adminRow('tokens', id)),
  endSession: (api: ApiClient, handle: string) => api.delete(urls.adminRow('sessions', handle)),
  /** Reads the whole trail, which may take minutes. */
  async verify(api: ApiClient): Promise<Verification> {
    const { data } = await api.post<Verification>(urls.admin('audit/verify'), undefined, { timeout: 0 });
    return data;
  },
};
