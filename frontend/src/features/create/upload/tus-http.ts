import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { ApiError, parseProblem, problemOf } from '../../../lib/api/problem';
import type { ApiClient } from '../../../lib/api/client';
import { urls } from '../../../lib/api/urls';

/**
 * Milliseconds without any progress after which a request counts as broken: some networks drop connections
 * silently.
 */
const SILENCE_MS = 45_000;

type AnswerHeaders = Readonly<Record<string, unknown>>;

/** The server names an upload by its public URL; the page uses its own origin. */
export const uploadIdOf = (url: string): string => decodeURIComponent(url.split('/').at(-1) ?? '');

class Answer implements HttpResponse {
  constructor(
    private readonly status: number,
    private readonly headers: AnswerHeaders,
    private readonly body: unknown,
  ) {}

  getStatus = (): number => this.status;
  getBody = (): string => (typeof this.body === 'string' ? this.body : JSON.stringify(this.body ?? ''));
  getUnderlyingObject = (): unknown => this.body;
  // The types know no absent header; the library compares with null.
  getHeader(name: string): string | undefined {
    const value = this.headers[name.toLowerCase()] ?? this.headers[name];
    return value === undefined || value === null ? undefined : String(value);
  }
}

class Request implements HttpRequest {
  private readonly headers: Record<string, string> = {};
  private readonly ending = new AbortController();
  private onProgress: (bytesSent: number) => void = () => undefined;

  constructor(
    private readonly api: ApiClient,
    private readonly method: string,
    private readonly url: string,
  ) {}

  getMethod = (): string => this.method;
  getURL = (): string => this.url;
  getHeader = (name: string): string | undefined => this.headers[name];
  getUnderlyingObject = (): undefined => undefined;
  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  setProgressHandler(handler: (bytesSent: number) => void): void {
    this.onProgress = handler;
  }
  async abort(): Promise<void> {
    this.ending.abort();
  }

  async send(body: unknown): Promise<HttpResponse> {
    let silence = setTimeout(() => this.ending.abort(), SILENCE_MS);
    const stillThere = (sent: number) => {
      clearTimeout(silence);
      silence = setTimeout(() => this.ending.abort(), SILENCE_MS);
      this.onProgress(sent);
    };
    try {
      const { status, headers, data } = await this.api.request<unknown>({
        method: this.method,
        url: this.method === 'POST' ? urls.uploads() : urls.upload(uploadIdOf(this.url)),
        headers: this.headers,
        data: body ?? undefined,
        timeout: 0,
        signal: this.ending.signal,
        validateStatus: () => true,
        onUploadProgress: ({ loaded }) => stillThere(loaded),
      });
      return new Answer(status, headers as AnswerHeaders, data);
    } finally {
      clearTimeout(silence);
    }
  }
}

/** The requests of tus through the one HTTP client of the page. */
export const tusHttp = (api: ApiClient): HttpStack => ({
  createRequest: (method, url) => new Request(api, method, url),
  getName: () => 'burnbag',
});

interface TusFailure {
  originalResponse?: HttpResponse | null;
  causingError?: unknown;
}

/** The cause in the library's error: an {@link ApiError}, or an error of reading the files. */
export function causeOf(error: unknown): Error {
  const { originalResponse, causingError } = (error ?? {}) as TusFailure;
  if (originalResponse) {
    const headers = {
      contentType: originalResponse.getHeader('content-type'),
      retryAfter: originalResponse.getHeader('retry-after'),
    };
    const body: unknown = originalResponse.getUnderlyingObject();
    return new ApiError(parseProblem(originalResponse.getStatus(), body, headers));
  }
  if (causingError instanceof Error) return causingError;
  return error instanceof Error ? error : new ApiError(problemOf(error));
}
