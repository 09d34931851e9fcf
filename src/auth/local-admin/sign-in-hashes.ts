import { createHmac } from 'node:crypto';

import { networkAddressOf } from '../../common/ip-address.js';
import type { CurrentKeyring } from '../../crypto/keyring.js';
import type { SignInTry } from './sign-in-guard.port.js';

const KEY_INFO = 'burnbag/admin-sign-in/v1';
const HASH_CHARACTERS = 22;
/** One subscriber has a /64 at least, and could use another address of it for each guess. */
const NETWORK = { ipv4: 32, ipv6: 64 };

/** What stands for names and addresses in the store: MACs, since four billion addresses are soon hashed. */
export class SignInHashes {
  /** With another primary key the counts begin anew. */
  constructor(private readonly keys: CurrentKeyring) {}

  /** @param username as it was typed @param ip of the client, as the proxy settings have it */
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
