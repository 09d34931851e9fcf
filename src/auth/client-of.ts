import { networkAddressOf } from '../common/ip-address.js';
import { accountOf } from './principal.js';
import { principalOf, type Asking } from './request-principal.js';

/** One subscriber has a /64 at least, and could use another address of it for each request. */
const NETWORK = { ipv4: 32, ipv6: 64 };

/**
 * Who a share of this process is counted for: a token, a person who signed in, or else a network. Kept in memory only, since
 * it tells the address.
 */
export function clientOf(request: Asking & { readonly ip: string }): string {
  const principal = principalOf(request);
  if (principal.kind === 'token') return `token:${principal.tokenId}`;
  if (principal.kind === 'person') return `person:${accountOf(principal)}`;
  return networkAddressOf(request.ip, NETWORK) ?? '';
}
