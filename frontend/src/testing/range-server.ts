import { problem } from './problem-answer';

/** A fault in the next answers; later answers are complete. */
export type Mishap =
  | { readonly cutAfter: number }
  | { readonly status: number; readonly code: string; readonly more?: object }
  | 'offline'
  | 'endsEarly'
  | 'otherVersion';

interface Held {
  readonly body: Uint8Array;
  tag: string;
}

/** The part of the server that gives out files, in memory behind `fetch`: ranges, tags, and whatever may go wrong. */
export class RangeServer {
  readonly asked: { path: string; headers: Record<string, string> }[] = [];
  readonly mishaps: Mishap[] = [];
  private readonly held = new Map<string, Held>();

  /** @param path below /api/v1 */
  hold(path: string, body: Uint8Array): this {
    this.held.set(`/api/v1${path}`, { body, tag: `"${path}-1"` });
    return this;
  }

  /** To be put in the place of the global `fetch`. */
  readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const path = String(url);
    const headers = init.headers as Record<string, string>;
    init.signal?.throwIfAborted();
    this.asked.push({ path, headers });
    const mishap = this.mishaps.shift();
    if (mishap === 'offline') throw new TypeError('Failed to fetch');
    if (typeof mishap === 'object' && 'code' in mishap)
      return problem(mishap.status, mishap.code, mishap.more);
    const file = this.held.get(path);
    if (!file) return problem(404, 'secret_not_found');
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(headers['Range'] ?? '') ?? [];
    const end = Math.min(Number(to) + 1, file.body.length);
    const answer = {
      ETag: mishap === 'otherVersion' ? '"another"' : file.tag,
      'Content-Range': `bytes ${from}-${end - 1}/${file.body.length}`,
    };
    const part = file.body.subarray(Number(from), end);
    return new Response(piecewise(part, mishap, init.signal ?? undefined), { status: 206, headers: answer });
  };
}

const PIECE = 30_011;

function piecewise(part: Uint8Array, mishap: Mishap | undefined, signal: AbortSignal | undefined) {
  const cut = typeof mishap === 'object' && 'cutAfter' in mishap ? mishap.cutAfter : Infinity;
  const limit = mishap === 'endsEarly' ? Math.floor(part.length / 2) : Math.min(part.length, cut);
  let at = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (signal?.aborted) return controller.error(signal.reason);
      if (at < limit) {
        const end = Math.min(limit, at + PIECE);
        controller.enqueue(part.slice(at, end));
        at = end;
        return;
      }
      if (limit === cut && cut < part.length) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}
