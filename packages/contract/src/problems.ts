interface ProblemFacts {
  /** HTTP status of every answer with this code. */
  readonly status: number;
  /** The same for every occurrence (RFC 9457, section 3.1.3). */
  readonly title: string;
  /** Members of the body beside those of every problem. */
  readonly extras?: readonly string[];
}

/**
 * Every refusal of the API, as RFC 9457 problem details, by the stable code that clients branch on. docs/errors.md
 * explains each; a test holds it to this list.
 */
export const PROBLEMS = {
  // Any route.
  validation_failed: { status: 400, title: 'The request is not valid', extras: ['errors'] },
  method_not_allowed: { status: 405, title: 'This URL has no such method' },
  request_timeout: { status: 408, title: 'The request took too long' },
  uri_too_long: { status: 414, title: 'The URL is too long' },
  expectation_failed: { status: 417, title: 'The expectation is not supported' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  method_not_implemented: { status: 501, title: 'The method is not known' },
  http_version_not_supported: { status: 505, title: 'The version of HTTP is not supported' },
  route_not_found: { status: 404, title: 'There is no such URL' },
  payload_too_large: { status: 413, title: 'The request is too large', extras: ['field', 'limit'] },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  internal_error: { status: 500, title: 'Internal error' },

  // Stores.
  store_unavailable: { status: 503, title: 'The store cannot be reached' },
  storage_full: { status: 507, title: 'The storage is full' },

  // Rate limits.
  rate_limited: { status: 429, title: 'Too many requests', extras: ['retryAfterSeconds'] },
  text_quota_reached: {
    status: 429,
    title: 'Too much text in an hour',
    extras: ['field', 'limit', 'retryAfterSeconds'],
  },

  // Access.
  sign_in_required: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'You may not do this' },
  csrf_refused: { status: 403, title: 'The request does not come from the portal' },

  // API tokens.
  token_invalid: { status: 401, title: 'The API token is not valid' },
  scope_missing: { status: 403, title: 'The API token may not do this' },
  token_not_found: { status: 404, title: 'There is no such API token' },

  // Sign-in of the local administrator.
  local_sign_in_off: { status: 404, title: 'There is no local administrator' },
  sign_in_wrong: { status: 403, title: 'The sign-in failed' },
  sign_in_locked: { status: 429, title: 'Too many wrong sign-ins', extras: ['retryAfterSeconds'] },
  sign_in_busy: { status: 503, title: 'Too many sign-ins at once' },

  // Sign-in by OpenID Connect.
  sign_in_expired: { status: 400, title: 'The sign-in has expired' },
  sign_in_refused: { status: 403, title: 'The sign-in was refused' },
  sign_in_off: { status: 404, title: 'There is no sign-in provider' },
  sign_in_unavailable: { status: 503, title: 'Sign-in is not possible now' },

  // Secrets and receipts.
  claim_required: { status: 400, title: 'Files are opened under a claim' },
  passphrase_required: { status: 401, title: 'A passphrase is needed' },
  passphrase_wrong: { status: 403, title: 'The passphrase is not right', extras: ['attemptsLeft'] },
  proof_wrong: { status: 403, title: 'The link or its passphrase is not right', extras: ['attemptsLeft'] },
  deliberate_act_required: { status: 403, title: 'A page load does not open a secret' },
  not_recipient: { status: 403, title: 'This is for another person' },
  policy_refused: { status: 403, title: 'The rules of this installation do not allow it', extras: ['rule'] },
  secret_not_found: { status: 404, title: 'There is no such secret' },
  receipt_invalid: { status: 404, title: 'This is not a receipt of this portal' },
  secret_gone: { status: 410, title: 'The secret is gone', extras: ['reason', 'at'] },
  secret_locked: { status: 423, title: 'The secret is locked', extras: ['retryAt'] },
  record_damaged: { status: 503, title: 'The stored record is damaged' },
  key_unavailable: { status: 503, title: 'The key of this secret is not loaded' },
  audit_backlogged: { status: 503, title: 'The audit trail is too far behind' },
  passphrase_busy: { status: 503, title: 'Too many passphrases are being checked' },

  // Files and uploads.
  upload_not_found: { status: 404, title: 'There is no such upload' },
  upload_incomplete: { status: 409, title: 'The upload is not complete', extras: ['offset', 'length'] },
  upload_conflict: { status: 409, title: 'The upload continues at another offset', extras: ['offset'] },
  lease_ended: { status: 410, title: 'The lease has ended' },
  tus_version_wrong: { status: 412, title: 'The version of the protocol is not known' },
  upload_too_slow: { status: 408, title: 'The files arrive too slowly' },
  too_many_uploads: { status: 429, title: 'Too many uploads at once', extras: ['limit'] },
  upload_share_full: { status: 429, title: 'Too much is unfinished', extras: ['field', 'limit'] },
  upload_locked: { status: 423, title: 'The upload is being written' },
  file_too_large: { status: 413, title: 'The files are too large', extras: ['field', 'limit'] },
  too_many_files: { status: 413, title: 'There are too many files', extras: ['field', 'limit'] },
  file_extension_refused: {
    status: 415,
    title: 'Files of this kind are not accepted',
    extras: ['field', 'allowed'],
  },
  range_not_satisfiable: { status: 416, title: 'The range lies outside the file', extras: ['length'] },
  files_elsewhere: { status: 503, title: 'Files are kept by another replica' },

  // Administration.
  session_not_found: { status: 404, title: 'There is no such session' },
} as const satisfies Readonly<Record<string, ProblemFacts>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/** One refused field of a request, in `errors` of `validation_failed`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
  readonly limit?: number;
  /** The setting that sets the limit, by its name in the environment. */
  readonly rule?: string;
}

/** Body of every refusal; `extras` of its code are further members. */
export interface ProblemBody {
  /** `urn:burnbag:error:<code>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
}

/** How a secret ended. */
export const END_REASONS = ['viewed', 'burned', 'expired'] as const;
export type EndReason = (typeof END_REASONS)[number];
