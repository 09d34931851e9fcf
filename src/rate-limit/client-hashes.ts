import { createHmac } from 'node:crypto';

import { networkAddressOf } from '../common/ip-address.js';
import type { CurrentKeyring, KeyEncryptionKey } from '../crypto/keyring/keyring.js';

const KEY_INFO = 'burnbag/rate-limit/v1';
const HASH_CHARACTERS = 22;
/** One subscriber has at least a /64, and could use another IP address of it for each request. */
const NETWORK = { ipv4: 32, ipv6: 64 };
const CLIENTS_KEPT = 10_000;

/**
 * Keyed hash of a client's IP address for Redis, its append-only file and its backups: a MAC, since all IPv4
 * addresses can be hashed in an hour. The key comes from the keyring, so that all processes of a portal count
 * together.
 */
export class ClientHashes {
  private readonly known = new Map<string, string>();
  private madeWith: KeyEncryptionKey;

  /** With another primary key the counts begin again. */
  constructor(private readonly keys: CurrentKeyring) {
    this.madeWith = keys.current.primary;
  }

  /** @param ip of the client; all values that are not an IP address count as one client */
  of(ip: string): string {
    if (this.madeWith !== this.keys.current.primary) this.forget();
    return this.known.get(ip) ?? this.meet(ip);
  }

  /**
   * @param client a token, a person or a network, see clientOf; the result differs from every result of `of`
   */
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
