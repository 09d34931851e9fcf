import { AxiosError, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

/** One request as the page sent it. */
export interface Sent {
  method: string;
  url: string;
  body: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Whether it says that a page of the portal sent it. */
  fromPortal: boolean;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Members of every problem of the portal. */
const PROBLEM = { 'content-type': 'application/problem+json; charset=utf-8' };

/** What a route answers: an answer, one per call in turn, or 'broken' for a connection that breaks. */
type Reply = Answer | 'broken' | ((sent: Sent) => Answer | 'broken');

const problem = (status: number, code: string, extras: object = {}): Answer => ({
  status,
  headers: PROBLEM,
  body: { type: `about:blank`, title: code, status, code, ...extras },
});

export const answers = {
  ok: (body: unknown): Answer => ({ status: 200, body }),
  created: (body: unknown): Answer => ({ status: 201, body }),
  /** A page that a proxy in front of the portal answers with. */
  proxy: (status: number): Answer => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><h1>${status}</h1><center>nginx</center></html>`,
  }),
  done: { status: 204 } satisfies Answer,
  problem,
};

/** A server in memory behind the real HTTP client: only the transport is replaced. */
export class FakeServer {
  readonly sent: Sent[] = [];
  private readonly routes = new Map<string, Reply[]>();

  /** @param route such as 'GET /policy', below /api/v1. Several replies are given in turn; the last one stays. */
  on(route: string, ...replies: Reply[]): this {
    this.routes.set(route, replies);
    return this;
  }

  /** The requests of a route, in order. */
  calls(route: string): Sent[] {
    return this.sent.filter(({ method, url }) => `${method} ${url}` === route);
  }

  readonly adapter: AxiosAdapter = async (config) => {
    const sent = read(config);
    this.sent.push(sent);
    const replies = this.routes.get(`${sent.method} ${sent.url}`) ?? [problem(404, 'route_not_found')];
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    const answer = typeof reply === 'function' ? reply(sent) : reply;
    if (answer === undefined || answer === 'broken')
      throw new AxiosError('Network Error', 'ERR_NETWORK', config);
    const response: AxiosResponse = {
      data: answer.body,
      status: answer.status,
      statusText: '',
      headers: answer.headers ?? {},
      config,
    };
    if (answer.status < 400) return response;
    throw new AxiosError('Refused', 'ERR_BAD_REQUEST', config, undefined, response);
  };
}

function read(config: InternalAxiosRequestConfig): Sent {
  const data: unknown = config.data;
  const body = typeof data === 'string' ? (JSON.parse(data) as Record<string, unknown>) : {};
  return {
    method: (config.method ?? 'get').toUpperCase(),
    url: (config.url ?? '').replace('/api/v1', ''),
    body,
    query: (config.params ?? {}) as Record<string, unknown>,
    fromPortal: config.headers.get('X-Burnbag-Csrf') === '1',
  };
}
