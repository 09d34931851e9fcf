import type { ProblemCode } from '@burnbag/contract';

/** Problems of routes that read the status. */
export const LOOKING_PROBLEMS = [
  'validation_failed',
  'sign_in_required',
  'not_recipient',
  'secret_not_found',
  'secret_gone',
] as const satisfies readonly ProblemCode[];

/** Problems of routes that open or burn. */
export const OPENING_PROBLEMS = [
  ...LOOKING_PROBLEMS,
  'passphrase_required',
  'passphrase_wrong',
  'proof_wrong',
  'secret_locked',
  'record_damaged',
  'key_unavailable',
  'passphrase_busy',
] as const satisfies readonly ProblemCode[];

/** Problems of routes that take a view: the secret may turn out to hold files. */
export const VIEW_PROBLEMS = [
  ...OPENING_PROBLEMS,
  'claim_required',
  'files_elsewhere',
] as const satisfies readonly ProblemCode[];
