import { ApiError, parseProblem } from '../../../lib/api/problem';

/** Milliseconds without a byte after which a connection counts as broken. */
const STALL_MS = 30_000;

/** Something on the server that has a fixed length and can be read from any place. */
export interface Resource {
  readonly url: string;
  /** What shows that this reader may have it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of all of it. */
  readonly bytes: number;
  /** The version that the first answer named; every later one must be the same. */
  tag?: string;
}

/** From a byte to another, the second one not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The server sends something else than it should: another length, another place, another version. */
export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError';
}

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const header = (name: string) => response.headers.get(name) ?? undefined;
  const headers = { contentType: header('Content-Type'), retryAfter: header('Retry-After') };
  return new ApiError(parseProblem(response.status, body, headers));
}

/** @throws WrongAnswerError unless the answer holds exactly the span, of a resource of the known length */
function check(response: Response, resource: Resource, { from, to }: Span): void {
  const { headers, status } = response;
  const whole = status === 200 && from === 0 && to === resource.bytes;
  const part = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('Content-Range') ?? '');
  const fits =
    part && Number(part[1]) === from && Number(part[2]) === to - 1 && Number(part[3]) === resource.bytes;
  if (!whole && !(status === 206 && fits)) throw new WrongAnswerError('not what was asked for');
  const tag = headers.get('ETag') ?? undefined;
  if (resource.tag !== undefined && tag !== resource.tag) throw new WrongAnswerError('another version');
  if (tag !== undefined) resource.tag = tag;
}

/** Aborts when nothing has come for a while; `rest` while nobody waits for anything. */
function stallGuard(signal: AbortSignal) {
  const stalled = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: AbortSignal.any([signal, stalled.signal]),
    watch: () => {
      timer = setTimeout(() => stalled.abort(new ApiError({ code: 'network' })), STALL_MS);
    },
    rest: () => clearTimeout(timer),
  };
}

/**
 * Asks once for a span and gives out what comes, as it comes. It may end early, like any connection.
 * @param span not empty @throws ApiError, WrongAnswerError, and what fetch throws when it is cut
 */
export async function* requestRange(
  resource: Resource,
  span: Span,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const guard = stallGuard(signal);
  guard.watch();
  try {
    const response = await fetch(resource.url, {
      headers: {
        ...resource.headers,
        Range: `bytes=${span.from}-${span.to - 1}`,
        ...(resource.tag === undefined ? {} : { 'If-Range': resource.tag }),
      },
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: guard.signal,
    });
    if (!response.ok) throw await refusal(response);
    check(response, resource, span);
    const reader = response.body?.getReader();
    let left = span.to - span.from;
    try {
      while (reader && left > 0) {
        guard.rest();
        guard.watch();
        const { done, value } = await reader.read();
        guard.rest();
        if (done) return;
        if (value.length > left) throw new WrongAnswerError('more than was asked for');
        left -= value.length;
        yield value;
      }
    } finally {
      reader?.cancel().catch(() => undefined);
    }
  } finally {
    guard.rest();
  }
}
