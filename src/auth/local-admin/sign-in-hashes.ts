import { createHmac } from 'node:crypto';

import { networkAddressOf } from '../../common/ip-address.js';
import type { CurrentKeyring } from '../../crypto/keyring/keyring.js';
import type { SignInTry } from './sign-in-throttle.types.js';

const KEY_INFO = 'burnbag/admin-sign-in/v1';
const HASH_CHARACTERS = 22;
/** One subscriber has at least a /64, and could use another IP address of it for each guess. */
const NETWORK = { ipv4: 32, ipv6: 64 };

/**
 * Keyed hashes of names and IP addresses for the store: MACs, since four billion IP addresses are soon
 * hashed.
 */
export class SignInHashes {
  /** With another primary key the counts begin again. */
  constructor(private readonly keys: CurrentKeyring) {}

  /** @param username as it was typed @param ip of the client, by the proxy settings */
  of(username: string, ip: string): SignInTry {
    const address = networkAddressOf(ip, NETWORK) ?? '';
    return { name: this.mac('name', username.normalize('NFC')), address: this.mac('address', address) };
  }

  private mac(what: string, text: string): string {
    return createHmac('sha256', this.keys.current.primary.subkey(KEY_INFO))
      .update(`${what}\0${text}`)
      .digest('base64url')
      .slice(0, HASH_CHARACTERS);
  }
}
