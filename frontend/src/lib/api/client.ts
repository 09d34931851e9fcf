import axios, { type AxiosAdapter, type AxiosInstance, isAxiosError } from 'axios';
import { REQUEST_TIMEOUT_MS } from '../../config/defaults';
import { ApiError, parseProblem } from './problem';

export type ApiClient = AxiosInstance;

/** No form of another site can send it; the server requires it for every change by a signed-in person. */
const FROM_PORTAL = { 'X-Burnbag-Csrf': '1' } as const;

function toApiError(error: unknown): never {
  if (!isAxiosError(error) || !error.response) throw new ApiError({ code: 'network' });
  const { status, data, headers } = error.response;
  const header = (name: string): string | undefined => {
    const value: unknown = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const known = { contentType: header('content-type'), retryAfter: header('retry-after') };
  throw new ApiError(parseProblem(status, data, known));
}

/**
 * The one HTTP client. Every failure is an {@link ApiError}; it shows nothing and redirects nowhere.
 * @param adapter the transport, for tests
 */
export function createApiClient(adapter?: AxiosAdapter): ApiClient {
  const client = axios.create({
    timeout: REQUEST_TIMEOUT_MS,
    headers: { Accept: 'application/json' },
    ...(adapter ? { adapter } : {}),
  });
  client.interceptors.request.use((config) => {
    if (config.method !== 'get') config.headers.set(FROM_PORTAL);
    return config;
  });
  client.interceptors.response.use((answer) => answer, toApiError);
  return client;
}
