import { ApiError, parseProblem } from '../../../lib/api/problem';

/** Milliseconds without a byte after which a connection counts as broken. */
const STALL_MS = 30_000;

/** A resource of fixed length that supports ranges. */
export interface Resource {
  readonly url: string;
  /** Credentials of the reader. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of all of it. */
  readonly bytes: number;
  /** The version of the first answer; every later one must be the same. */
  tag?: string;
}

/** From a byte (inclusive) to another (exclusive). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The server sends a wrong answer: another length, another place, another version. */
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
  if (!whole && !(status === 206 && fits)) throw new WrongAnswerError('not the requested range');
  const tag = headers.get('ETag') ?? undefined;
  if (resource.tag !== undefined && tag !== resource.tag) throw new WrongAnswerError('another version');
  if (tag !== undefined) resource.tag = tag;
}

/** Aborts when nothing has arrived for a while; `rest` pauses it while nothing is read. */
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
 * Requests a span once and yields its bytes as they arrive. It may end early, like any connection.
 * @param span not empty @throws ApiError, WrongAnswerError, and errors of fetch when it is cut
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
        if (value.length > left) throw new WrongAnswerError('more than was requested');
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
