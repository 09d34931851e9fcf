import { Inject, Injectable } from '@nestjs/common';

import { CLOCK, type Clock } from '../../common/clock.js';
import { secretsConfig, type SecretsConfig } from '../../config/app.config.js';
import { ReceiptTokens } from '../../crypto/receipt-tokens.js';
import { SECRET_STORE, type Look, type Refusal, type SecretStore } from '../secret-store.port.js';
import { problemOf, receiptInvalid } from '../secrets.errors.js';
import { statusOf, type SecretStatus } from './look-at-secret.js';

export interface TimelineEntry {
  readonly action: 'created' | 'viewed' | 'burned' | 'expired';
  readonly at: string;
}

export interface ReceiptView extends Partial<Omit<SecretStatus, 'state'>> {
  readonly ref: string;
  /** 'ended': nothing is left, and what became of it is no longer known. */
  readonly state: SecretStatus['state'] | 'viewed' | 'burned' | 'expired' | 'ended';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly maxViews?: number;
  readonly endedAt?: string;
  readonly timeline: readonly TimelineEntry[];
}

interface Times {
  readonly createdAt: number;
  readonly expiresAt: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Tells the sender what became of a secret, as far as the store remembers. */
@Injectable()
export class ReadReceipt {
  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(secretsConfig.KEY) private readonly config: SecretsConfig,
    private readonly receipts: ReceiptTokens,
  ) {}

  /** @throws ProblemError receipt_invalid */
  async execute(token: string): Promise<ReceiptView> {
    const receipt = this.receipts.verify(token);
    if (!receipt) throw receiptInvalid();
    const { state, endedAt, timeline, ...facts } = this.describe(await this.store.look(receipt.ref), receipt);
    return {
      ref: receipt.ref.toString('hex'),
      state,
      createdAt: iso(receipt.createdAt),
      expiresAt: iso(receipt.expiresAt),
      ...facts,
      ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
      timeline: [{ action: 'created', at: iso(receipt.createdAt) }, ...timeline],
    };
  }

  private describe(
    look: Look | Refusal,
    times: Times,
  ): Partial<Omit<SecretStatus, 'state'>> & {
    state: ReceiptView['state'];
    maxViews?: number;
    endedAt?: number;
    timeline: TimelineEntry[];
  } {
    if (look.kind === 'ok') {
      const opened = look.openedAt;
      const timeline: TimelineEntry[] = opened === undefined ? [] : [{ action: 'viewed', at: iso(opened) }];
      return { ...statusOf(look), maxViews: look.facts.maxViews, timeline };
    }
    if (look.kind === 'gone') {
      return { state: look.reason, endedAt: look.at, timeline: [{ action: look.reason, at: iso(look.at) }] };
    }
    if (look.kind !== 'missing') throw problemOf(look);
    if (!this.expiredUnread(times)) return { state: 'ended', timeline: [] };
    return {
      state: 'expired',
      endedAt: times.expiresAt,
      timeline: [{ action: 'expired', at: iso(times.expiresAt) }],
    };
  }

  /** A tombstone outlives its view by TOMBSTONE_TTL: while one could not have ended yet, its absence says "unread". */
  private expiredUnread({ createdAt, expiresAt }: Times): boolean {
    const now = this.clock.now();
    return now >= expiresAt && now < createdAt + this.config.tombstoneTtlSeconds * 1000;
  }
}
