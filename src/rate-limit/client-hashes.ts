import { createHmac } from 'node:crypto';

import { networkAddressOf } from '../common/ip-address.js';
import type { CurrentKeyring, KeyEncryptionKey } from '../crypto/keyring.js';

const KEY_INFO = 'burnbag/rate-limit/v1';
const HASH_CHARACTERS = 22;
/** One subscriber has a /64 at least, and could use another address of it for each request. */
const NETWORK = { ipv4: 32, ipv6: 64 };
const CLIENTS_KEPT = 10_000;

/**
 * What stands for the address of a client in Redis, its append-only file and its backups: a MAC, since an hour is enough
 * to hash every IPv4 address. The key comes from the keyring, so that all processes of a portal count together.
 */
export class ClientHashes {
  private readonly known = new Map<string, string>();
  private madeWith: KeyEncryptionKey;

  /** With another primary key the counts begin again. */
  constructor(private readonly keys: CurrentKeyring) {
    this.madeWith = keys.current.primary;
  }

  /** @param ip of the client; whatever is not an address counts as one client */
  of(ip: string): string {
    if (this.madeWith !== this.keys.current.primary) this.forget();
    return this.known.get(ip) ?? this.meet(ip);
  }

  /** @param client a token, a person or a network, see clientOf; never the same as what `of` answers */
  ofClient(client: string): string {
    if (this.madeWith !== this.keys.current.primary) this.forget();
    return this.mac(`client:${client}`);
  }

  private meet(ip: string): string {
    const made = this.mac(networkAddressOf(ip, NETWORK) ?? '');
    if (this.known.size >= CLIENTS_KEPT) this.forget();
    this.known.set(ip, made);
    return made;
  }

  private mac(text: string): string {
    const mac = createHmac('sha256', this.madeWith.subkey(KEY_INFO)).update(text);
    return mac.digest('base64url').slice(0, HASH_CHARACTERS);
  }

  private forget(): void {
    this.madeWith = this.keys.current.primary;
    this.known.clear();
  }
}
