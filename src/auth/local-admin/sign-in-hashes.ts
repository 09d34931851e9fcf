import { createHmac } from 'node:crypto';

import ipaddr from 'ipaddr.js';

import type { CurrentKeyring } from '../../crypto/keyring.js';
import type { SignInTry } from './sign-in-guard.port.js';

const KEY_INFO = 'burnbag/admin-sign-in/v1';
const HASH_CHARACTERS = 22;
/** One subscriber has a /64 at least, and could use another address of it for each guess. */
const IPV6_PREFIX = 64;

/** What stands for names and addresses in the store: MACs, since four billion addresses are soon hashed. */
export class SignInHashes {
  /** With another primary key the counts begin anew. */
  constructor(private readonly keys: CurrentKeyring) {}

  /** @param username as it was typed @param ip of the client, as the proxy settings have it */
  of(username: string, ip: string): SignInTry {
    return { name: this.mac('name', username.normalize('NFC')), address: this.mac('address', network(ip)) };
  }

  private mac(what: string, text: string): string {
    return createHmac('sha256', this.keys.current.primary.subkey(KEY_INFO))
      .update(`${what}\0${text}`)
      .digest('base64url')
      .slice(0, HASH_CHARACTERS);
  }
}

/** An IPv4 address, also one that came mapped into IPv6, or the network of an IPv6 one. */
function network(ip: string): string {
  const [text = ''] = ip.split('%');
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${IPV6_PREFIX}`).toString();
}
