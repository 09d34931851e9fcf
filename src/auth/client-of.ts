import { networkAddressOf } from '../common/ip-address.js';
import { accountOf } from './principal.js';
import { principalOf, type Asking } from './request-principal.js';

/** One subscriber has at least a /64, and could use another IP address of it for each request. */
const NETWORK = { ipv4: 32, ipv6: 64 };

/**
 * The client for which shares of this process are counted: a token, a signed-in person, or else a network.
 * Kept in memory only, since it contains the IP address.
 */
export function clientOf(request: Asking & { readonly ip: string }): string {
  const principal = principalOf(request);
  if (principal.kind === 'token') return `token:${principal.tokenId}`;
  if (principal.kind === 'person') return `person:${accountOf(principal)}`;
  return networkAddressOf(request.ip, NETWORK) ?? '';
}
