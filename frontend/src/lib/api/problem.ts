import { END_REASONS, type EndReason, type FieldProblem, type ProblemCode } from '@burnbag/contract';

/** Everything that can go wrong with a request, by stable code; see docs/errors.md. */
export type Problem =
  | { code: 'validation_failed'; errors: FieldProblem[] }
  | { code: 'passphrase_required' }
  | { code: 'passphrase_wrong' | 'proof_wrong'; attemptsLeft?: number }
  | { code: 'secret_not_found' | 'receipt_invalid' | 'route_not_found' | 'lease_ended' }
  | { code: 'secret_gone'; reason: EndReason; at?: string }
  | { code: 'payload_too_large'; limit?: number }
  | { code: 'secret_locked'; retryAt?: string }
  | { code: 'rate_limited' | 'text_quota_reached'; retryAfterSeconds: number }
  | { code: 'record_damaged' | 'key_unavailable' | 'store_unavailable' | 'passphrase_busy' }
  | { code: 'file_too_large' | 'too_many_files'; limit?: number }
  | { code: 'file_extension_refused'; allowed: string[] }
  | { code: 'upload_not_found' | 'upload_incomplete' | 'upload_conflict' | 'upload_locked' }
  | { code: 'storage_full' | 'upload_too_slow' }
  /** @see limit bytes that the unfinished uploads of one sender may have together */
  | { code: 'upload_share_full'; limit?: number }
  | { code: 'too_many_uploads'; retryAfterSeconds: number }
  | { code: 'claim_required' | 'range_not_satisfiable' }
  /** The caller is not signed in (any more), may not do this, or is not a recipient. */
  | { code: 'sign_in_required' | 'forbidden' | 'not_recipient' | 'csrf_refused' }
  /** @see rule the setting by which the administrator forbids it */
  | { code: 'policy_refused'; rule?: string }
  | { code: 'sign_in_wrong' | 'sign_in_busy' | 'local_sign_in_off' }
  | { code: 'sign_in_locked'; retryAfterSeconds: number }
  | { code: 'token_not_found' }
  /** No answer at all: offline, refused, or timed out. Whether the request arrived is unknown. */
  | { code: 'network' }
  /** A part of this page is not on the server any more: it was upgraded. Only a reload of the page helps. */
  | { code: 'app_outdated' }
  /** The answer is not the portal's: something in front of it, such as a proxy, answered in its place. */
  | { code: 'proxy_answer'; status: number; retryAfterSeconds?: number }
  | { code: 'unexpected'; status: number; requestId?: string };

/** What tells whether an answer is the portal's own, and when to ask again. */
export interface AnswerHeaders {
  /** Content-Type. */
  contentType?: string | undefined;
  /** Retry-After, in seconds. */
  retryAfter?: string | undefined;
}

const PROBLEM_TYPE = /^application\/problem\+json(?:;|$)/i;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
const seconds = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
const optional = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, V>);

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((entry) => ({
    field: text(entry['field']) ?? '',
    message: text(entry['message']) ?? '',
    ...optional('limit', count(entry['limit'])),
  }));
}

/**
 * Reads a problem document without trusting its shape.
 * @param status HTTP status @param body parsed body of the answer
 */
export function parseProblem(status: number, body: unknown, headers: AnswerHeaders): Problem {
  const { retryAfter, contentType = '' } = headers;
  const doc = isRecord(body) ? body : {};
  const code = text(doc['code']) as ProblemCode | undefined;
  // Every refusal of the portal is a problem document with a code; a proxy in front answers with a page of its own.
  if (code === undefined || !PROBLEM_TYPE.test(contentType))
    return { code: 'proxy_answer', status, ...optional('retryAfterSeconds', seconds(retryAfter)) };
  switch (code) {
    case 'validation_failed':
      return { code, errors: fieldProblems(doc['errors']) };
    case 'passphrase_wrong':
    case 'proof_wrong':
      return { code, ...optional('attemptsLeft', count(doc['attemptsLeft'])) };
    case 'secret_gone':
      return {
        code,
        reason: END_REASONS.find((reason) => reason === doc['reason']) ?? 'viewed',
        ...optional('at', text(doc['at'])),
      };
    case 'upload_share_full':
    case 'payload_too_large':
    case 'file_too_large':
    case 'too_many_files':
      return { code, ...optional('limit', count(doc['limit'])) };
    case 'file_extension_refused':
      return { code, allowed: texts(doc['allowed']) };
    case 'secret_locked':
      return { code, ...optional('retryAt', text(doc['retryAt'])) };
    case 'policy_refused':
      return { code, ...optional('rule', text(doc['rule'])) };
    case 'rate_limited':
    case 'too_many_uploads':
    case 'text_quota_reached':
    case 'sign_in_locked':
      return { code, retryAfterSeconds: count(doc['retryAfterSeconds']) ?? seconds(retryAfter) ?? 30 };
    case 'passphrase_required':
    case 'secret_not_found':
    case 'lease_ended':
    case 'receipt_invalid':
    case 'route_not_found':
    case 'record_damaged':
    case 'key_unavailable':
    case 'store_unavailable':
    case 'passphrase_busy':
    case 'upload_not_found':
    case 'upload_incomplete':
    case 'upload_conflict':
    case 'upload_locked':
    case 'storage_full':
    case 'upload_too_slow':
    case 'claim_required':
    case 'range_not_satisfiable':
    case 'sign_in_required':
    case 'forbidden':
    case 'not_recipient':
    case 'csrf_refused':
    case 'sign_in_wrong':
    case 'sign_in_busy':
    case 'local_sign_in_off':
    case 'token_not_found':
      return { code };
    default:
      return { code: 'unexpected', status, ...optional('requestId', text(doc['requestId'])) };
  }
}

/** Whether something in front of the portal says that it is only for now: too many requests, or no way to the portal. */
export const mayPass = ({ status }: Extract<Problem, { code: 'proxy_answer' }>): boolean =>
  status === 408 || status === 429 || status === 502 || status === 503 || status === 504;

/** What every call of the API client throws. Branch on `problem.code`. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
    this.name = 'ApiError';
  }
}

/** Any error but an {@link ApiError} (such as a script that did not load) counts as a broken connection. */
export const problemOf = (error: unknown): Problem =>
  error instanceof ApiError ? error.problem : { code: 'network' };
