import { validationFailed } from '../../common/common.errors.js';
import type { FieldProblem } from '../../common/problem.js';
import { CLAIM_BYTES } from '../../secrets/dto/open-secret.dto.js';
import { PROOF_BYTES } from '../../secrets/dto/create-secret.dto.js';
import { PASSPHRASE_MAX_CHARACTERS } from '../../secrets/dto/passphrase.decorator.js';
import type { RangeHeaders } from './byte-range.js';

/** Request headers as Node gives them: names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What a download brings along in headers, where a reveal has a body. */
export interface OfferedByHeaders {
  readonly claim?: string;
  readonly passphrase?: string;
  readonly proof?: string;
}

/** @returns undefined for a header that is absent or empty */
function textOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function checkBytes(value: string | undefined, field: string, bytes: number): FieldProblem[] {
  const limit = Math.ceil((bytes * 4) / 3);
  if (value === undefined || new RegExp(`^[A-Za-z0-9_-]{${limit}}$`).test(value)) return [];
  const message = `must be ${bytes} bytes as base64url without padding (${limit} characters)`;
  return [{ field, message, limit }];
}

/** Which part is asked for, and of which version. */
export function rangeHeaders(headers: RequestHeaders): RangeHeaders {
  return { range: textOf(headers, 'range'), ifRange: textOf(headers, 'if-range') };
}

/** @throws ProblemError validation_failed, which names each header */
export function offeredBy(headers: RequestHeaders): OfferedByHeaders {
  const claim = textOf(headers, 'x-claim');
  const proof = textOf(headers, 'x-proof');
  const raw = textOf(headers, 'x-passphrase');
  // Headers carry bytes: what a script sends as UTF-8 arrives as Latin-1.
  const passphrase = raw === undefined ? undefined : Buffer.from(raw, 'latin1').toString('utf8');
  const errors = [...checkBytes(claim, 'X-Claim', CLAIM_BYTES), ...checkBytes(proof, 'X-Proof', PROOF_BYTES)];
  const limit = PASSPHRASE_MAX_CHARACTERS;
  if (passphrase !== undefined && passphrase.length > limit) {
    errors.push({ field: 'X-Passphrase', message: `must be at most ${limit} characters`, limit });
  }
  if (errors.length > 0) throw validationFailed(errors);
  return {
    ...(claim !== undefined && { claim }),
    ...(proof !== undefined && { proof }),
    ...(passphrase !== undefined && { passphrase }),
  };
}
