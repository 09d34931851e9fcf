import { isIP, isIPv4 } from 'node:net';

import ipaddr from 'ipaddr.js';

/** Longest text that is looked at: a full IPv6 address with a mapped tail, zone, brackets and port is shorter. */
const TEXT_MAX = 100;
const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;

/**
 * The address in a text such as proxies and load balancers write: `203.0.113.8`, `203.0.113.8:50001`, `2001:db8::5`,
 * `[2001:db8::5]`, `[2001:db8::5]:443`, `fe80::1%eth0`.
 * @returns one spelling: dotted IPv4, also of what came mapped into IPv6, or RFC 5952 without port and zone; undefined
 *   for everything else, the short and octal forms of `inet_aton` among it
 */
export function parseIpAddress(text: string): string | undefined {
  // Has one spelling only, and is what most connections and headers name.
  if (isIPv4(text)) return text;
  if (text.length > TEXT_MAX) return undefined;
  const trimmed = text.trim();
  const inBrackets = BRACKETED.exec(trimmed)?.[1];
  const host = inBrackets ?? IPV4_WITH_PORT.exec(trimmed)?.[1] ?? trimmed;
  const version = isIP(host);
  if (version === 0 || (inBrackets !== undefined && version !== 6)) return undefined;
  const [address = ''] = host.split('%');
  return ipaddr.process(address).toString();
}

/** Lengths of the prefixes that a network keeps, in bits. */
export interface NetworkPrefixes {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** The first address of the network of an address. @returns undefined for what parseIpAddress does not take */
export function networkAddressOf(text: string, prefixes: NetworkPrefixes): string | undefined {
  const address = parseIpAddress(text);
  if (address === undefined) return undefined;
  if (prefixes.ipv4 >= 32 && isIPv4(address)) return address;
  const parsed = ipaddr.parse(address);
  const kept = prefixes[parsed.kind()];
  const bytes = parsed.toByteArray();
  if (kept >= 8 * bytes.length) return address;
  return ipaddr.fromByteArray(bytes.map((byte, at) => byte & maskOf(kept - 8 * at))).toString();
}

/** Of one byte of which the first `bits` are kept; negative: none, beyond 8: all. */
function maskOf(bits: number): number {
  return 0xff & ~(0xff >> Math.min(8, Math.max(0, bits)));
}
