import { mayPass, problemOf } from '../../../lib/api/problem';
import { requestRange, type Resource, type Span, WrongAnswerError } from './range-request';
import type { TransferControl } from './transfer-control';

/** Milliseconds before each retry; the last one repeats. */
const WAITS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Maximum number of retries after answers that may be a permanent fault of the server. */
const PATIENCE = 6;

/** @returns milliseconds before the next retry; undefined when a retry would change nothing */
function waitBefore(error: unknown, failures: number): number | undefined {
  if (error instanceof WrongAnswerError) return undefined;
  const grown = WAITS[Math.min(failures, WAITS.length - 1)] ?? 0;
  const problem = problemOf(error);
  switch (problem.code) {
    case 'network':
      return grown;
    case 'rate_limited':
      return Math.max(grown, problem.retryAfterSeconds * 1_000);
    case 'store_unavailable':
    case 'passphrase_busy':
      return failures < PATIENCE * 2 ? grown : undefined;
    case 'proxy_answer':
      return mayPass(problem) && failures < PATIENCE * 2
        ? Math.max(grown, (problem.retryAfterSeconds ?? 0) * 1_000)
        : undefined;
    case 'unexpected':
      return problem.status >= 500 && failures < PATIENCE ? grown : undefined;
    default:
      return undefined;
  }
}

/**
 * The bytes of a span, however often the connection breaks: each new request continues where the last one
 * stopped.
 * @throws ApiError when the server refuses permanently, WrongAnswerError, CancelledError
 */
export async function* resumedBytes(
  resource: Resource,
  span: Span,
  control: TransferControl,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let at = span.from;
  let failures = 0;
  while (at < span.to) {
    await control.ready();
    try {
      for await (const piece of requestRange(resource, { from: at, to: span.to }, control.signal)) {
        at += piece.length;
        failures = 0;
        control.moves();
        yield piece;
      }
      // An answer that ends early or is empty counts as a broken connection, too.
      if (at < span.to) await control.wait(WAITS[Math.min(failures++, WAITS.length - 1)] ?? 0);
    } catch (error) {
      if (control.cancelled || control.paused) continue;
      const wait = waitBefore(error, failures);
      if (wait === undefined) throw error;
      failures += 1;
      await control.wait(wait);
    }
  }
}
