import { createHmac } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { actorOf, principalOf, type Asking } from '../../auth/request-principal.js';
import { networkAddressOf, parseIpAddress } from '../../common/ip-address.js';
import { storableText } from '../../common/storable-text.js';
import { auditConfig, type AuditConfig } from '../../platform/config/sections/app.config.js';
import { KeyringHolder } from '../../crypto/keyring/keyring.holder.js';
import type { CurrentKeyring, KeyEncryptionKey } from '../../crypto/keyring/keyring.js';
import { encodeOrigin } from './audit-event.js';

const AGENT_MAX_CHARACTERS = 200;
const ORIGINS_KEPT = 10_000;
const MASKED = { ipv4: 24, ipv6: 48 };
const ADDRESS_KEY = 'burnbag/audit-address/v1';

/** What the trail may keep of a request. */
export interface RequestOrigin extends Asking {
  readonly ip: string;
  readonly headers: { readonly 'user-agent'?: string | undefined };
}

/** The network of an address: /24 of IPv4, /48 of IPv6; undefined for anything that is not an address. */
export function maskAddress(ip: string): string | undefined {
  return networkAddressOf(ip, MASKED);
}

/**
 * Turns a request into the context of its audit event: as much of the address as AUDIT_IP allows, and the
 * shortened user agent. Nothing more of either reaches the store. The context of a client is made once for
 * each actor and cached.
 */
@Injectable()
export class AuditContext {
  /** By actor, then by address, then by user agent. */
  private readonly known = new Map<string, Map<string, Map<string, string>>>();
  private kept = 0;
  private readonly addresses = new Map<string, string | null>();
  /** Key id whose subkey the cached values were hashed with. */
  private hashedBy: KeyEncryptionKey;

  constructor(
    @Inject(auditConfig.KEY) private readonly config: AuditConfig,
    @Inject(KeyringHolder) private readonly keys: CurrentKeyring,
  ) {
    this.hashedBy = keys.current.primary;
  }

  /** @returns the context as scripts take it */
  of(request: RequestOrigin): string {
    const { ip, headers } = request;
    const agent = headers['user-agent'] ?? '';
    const actor = actorOf(principalOf(request));
    if (this.hashedBy !== this.keys.current.primary) this.forget();
    return this.known.get(actor)?.get(ip)?.get(agent) ?? this.meet(actor, ip, agent);
  }

  private meet(actor: string, ip: string, agent: string): string {
    const userAgent = agent === '' ? null : storableText(agent.slice(0, AGENT_MAX_CHARACTERS).toWellFormed());
    const origin = encodeOrigin({ actor, ipAddress: this.keeps(ip), userAgent });
    // Headers of kilobytes must not fill the memory.
    if (agent.length > AGENT_MAX_CHARACTERS) return origin;
    if (this.kept >= ORIGINS_KEPT) this.forget();
    const addresses = this.known.get(actor) ?? new Map<string, Map<string, string>>();
    const agents = addresses.get(ip) ?? new Map<string, string>();
    this.known.set(actor, addresses.set(ip, agents.set(agent, origin)));
    this.kept += 1;
    return origin;
  }

  private forget(): void {
    this.hashedBy = this.keys.current.primary;
    this.known.clear();
    this.addresses.clear();
    this.kept = 0;
  }

  /** The part of an address that AUDIT_IP lets the trail and the request log keep; null for nothing. */
  keeps(ip: string): string | null {
    if (this.hashedBy !== this.keys.current.primary) this.forget();
    const known = this.addresses.get(ip);
    if (known !== undefined) return known;
    if (this.addresses.size >= ORIGINS_KEPT) this.addresses.clear();
    const kept = this.reduce(ip);
    this.addresses.set(ip, kept);
    return kept;
  }

  private reduce(ip: string): string | null {
    const address = parseIpAddress(ip);
    if (address === undefined) return null;
    switch (this.config.ip) {
      case 'off':
        return null;
      case 'full':
        return address;
      case 'masked':
        return maskAddress(address) ?? null;
      case 'hashed':
        return createHmac('sha256', this.hashedBy.subkey(ADDRESS_KEY))
          .update(address)
          .digest('base64url')
          .slice(0, 22);
    }
  }
}
