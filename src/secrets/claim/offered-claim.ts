import { CLAIM_BYTES, isSecretId } from '@burnbag/contract';

import { idBytes, refOf } from '../../common/ids.js';
import { base64UrlPattern } from '../../platform/http/validation/validators.js';
import type { ClaimReader, OfferedClaim } from '../../platform/route/route-limit.js';
import { hashClaim } from './consume-view.js';

export const CLAIM_HEADER = 'X-Claim';
const CLAIM = new RegExp(base64UrlPattern(CLAIM_BYTES));

function offered(params: unknown, claim: unknown): (() => OfferedClaim) | undefined {
  const { id } = params as { id?: unknown };
  if (typeof claim !== 'string' || !CLAIM.test(claim) || !isSecretId(id)) return undefined;
  return () => ({ ref: refOf(idBytes(id)), claimHash: hashClaim(claim) });
}

/** The `claim` of a JSON body, for the secret that the path names. */
export const claimInBody: ClaimReader = ({ params, body }) =>
  typeof body === 'object' && body !== null && 'claim' in body ? offered(params, body.claim) : undefined;

/** The claim of a header, for the secret that the path names. */
export const claimInHeader: ClaimReader = ({ params, headers }) =>
  offered(params, headers[CLAIM_HEADER.toLowerCase()]);
