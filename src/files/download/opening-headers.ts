import { CLAIM_BYTES, type FieldProblem, PROOF_BYTES } from '@burnbag/contract';

import { validationFailed } from '../../platform/http/problem/common.errors.js';
import { base64UrlPattern } from '../../platform/http/validation/validators.js';
import { passphraseIn, type RequestHeaders } from '../../secrets/credentials/passphrase.header.js';
import { problemOf } from '../../secrets/secrets.errors.js';
import type { RangeHeaders } from './stream/byte-range.js';

/** Headers of a download; a reveal has a body instead. */
export interface OfferedByHeaders {
  readonly claim: string;
  readonly passphrase?: string;
  readonly proof?: string;
}

function textOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

const CLAIM = new RegExp(base64UrlPattern(CLAIM_BYTES));
const PROOF = new RegExp(base64UrlPattern(PROOF_BYTES));

function checkBytes(
  value: string | undefined,
  { field, bytes, pattern }: { readonly field: string; readonly bytes: number; readonly pattern: RegExp },
): FieldProblem[] {
  const limit = Math.ceil((bytes * 4) / 3);
  if (value === undefined || pattern.test(value)) return [];
  const message = `must be ${bytes} bytes as base64url without padding (${limit} characters)`;
  return [{ field, message, limit }];
}

/** The requested part, and of which version. */
export function rangeHeaders(headers: RequestHeaders): RangeHeaders {
  return { range: textOf(headers, 'range') || undefined, ifRange: textOf(headers, 'if-range') || undefined };
}

/** @throws ProblemError validation_failed that names the header, claim_required */
export function offeredBy(headers: RequestHeaders): OfferedByHeaders {
  const claim = textOf(headers, 'x-claim');
  const proof = textOf(headers, 'x-proof');
  const errors = [
    ...checkBytes(claim, { field: 'X-Claim', bytes: CLAIM_BYTES, pattern: CLAIM }),
    ...checkBytes(proof, { field: 'X-Proof', bytes: PROOF_BYTES, pattern: PROOF }),
  ];
  if (errors.length > 0) throw validationFailed(errors);
  if (claim === undefined) throw problemOf({ kind: 'claim-required' });
  return {
    claim,
    ...(proof !== undefined && { proof }),
    ...passphraseIn(headers),
  };
}
