import type { EndReason, Receipt, SecretStatus, TimelineEntry } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { TimelineRepository } from '../../audit/events/timeline.repository.js';
import { TIMELINE_MOST, type TrailEntry } from '../../audit/events/trail-entry.js';
import { CLOCK, type Clock } from '../../common/clock.js';
import { secretsConfig, type SecretsConfig } from '../../platform/config/sections/app.config.js';
import { ReceiptTokens } from '../../crypto/kdf/receipt-tokens.js';
import type { Look, Refusal } from '../record/secret-store.types.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';
import { problemOf, receiptInvalid } from '../secrets.errors.js';
import { statusOf } from '../status/read-status.js';

interface Times {
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** State of the store, in the terms of a receipt. */
interface Standing {
  readonly state: Receipt['state'];
  readonly endedAt?: number;
  readonly facts?: Partial<Omit<SecretStatus, 'state'>> & { maxViews?: number };
  /** Event that the timeline must hold for it. */
  readonly known?: { readonly action: EndReason; readonly at: number };
}

const iso = (ms: number) => new Date(ms).toISOString();

const CLOCK_SLACK_MS = 1_000;
const NOWHERE = { ipAddress: null, userAgent: null };
const BURNERS: ReadonlySet<unknown> = new Set<TimelineEntry['by']>([
  'sender',
  'reader',
  'administrator',
  'system',
]);

function isBurner(by: unknown): by is NonNullable<TimelineEntry['by']> {
  return BURNERS.has(by);
}

/** Acts of recipients are shown to the sender by name; other people are named to the administrator only. */
function isOfRecipient({ action, extra }: TrailEntry): boolean {
  return action.startsWith('view') || action === 'acknowledged' || extra['by'] === 'reader';
}

function entryOf(entry: TrailEntry, recipientsOnly: boolean): TimelineEntry {
  const { action, at, actor, extra } = entry;
  const { attemptsLeft, viewsLeft, until, by, reason } = extra;
  // Addresses of administrators are not shown to senders.
  const { ipAddress, userAgent } = by === 'administrator' ? NOWHERE : entry;
  return {
    action,
    at: iso(at),
    ...(ipAddress !== null && { ipAddress }),
    ...(userAgent !== null && { userAgent }),
    ...(typeof attemptsLeft === 'number' && { attemptsLeft }),
    ...(typeof viewsLeft === 'number' && { viewsLeft }),
    ...(typeof until === 'number' && { until: iso(until) }),
    ...(isBurner(by) && { by }),
    ...(recipientsOnly && actor !== null && isOfRecipient(entry) && { reader: actor }),
    ...(reason === 'not_recipient' && { reason }),
  };
}

/** The end of a secret by its trail. */
function endIn(trail: readonly TrailEntry[]): { action: EndReason; at: number } | undefined {
  for (const { action, at, extra } of trail.toReversed()) {
    if (action === 'burned' || action === 'expired') return { action, at };
    if (action === 'viewed' && extra['viewsLeft'] === 0) return { action, at };
  }
  return undefined;
}

/** Shows the sender what happened to a secret: its state from the store, its history from the trail. */
@Injectable()
export class ReadReceipt {
  constructor(
    private readonly store: RedisSecretStore,
    private readonly trail: TimelineRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(secretsConfig.KEY) private readonly config: SecretsConfig,
    private readonly receipts: ReceiptTokens,
  ) {}

  /** @throws ProblemError receipt_invalid */
  async execute(token: string): Promise<Receipt> {
    const receipt = this.receipts.verify(token);
    if (!receipt) throw receiptInvalid();
    const [look, trail] = await Promise.all([this.store.look(receipt.ref), this.trail.timeline(receipt.ref)]);
    const { state, endedAt, facts, known } = this.standing(look, trail, receipt);
    const { timeline, complete } = timelineOf(trail, receipt, known);
    return {
      ref: receipt.ref.toString('hex'),
      state,
      createdAt: iso(receipt.createdAt),
      expiresAt: iso(receipt.expiresAt),
      ...facts,
      ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
      timeline,
      timelineComplete: complete,
    };
  }

  private standing(look: Look | Refusal, trail: readonly TrailEntry[] | undefined, times: Times): Standing {
    if (look.kind === 'ok') {
      const { state, ...facts } = statusOf(look);
      const at = look.openedAt;
      return {
        state,
        facts: { ...facts, maxViews: look.facts.maxViews },
        ...(at !== undefined && { known: { action: 'viewed' as const, at } }),
      };
    }
    if (look.kind === 'gone') {
      return { state: look.reason, endedAt: look.at, known: { action: look.reason, at: look.at } };
    }
    if (look.kind !== 'missing') throw problemOf(look);
    const end = endIn(trail ?? []);
    if (end) return { state: end.action, endedAt: end.at };
    if (!this.expiredUnread(times, trail)) return { state: 'ended' };
    return {
      state: 'expired',
      endedAt: times.expiresAt,
      known: { action: 'expired', at: times.expiresAt },
    };
  }

  /**
   * The store has nothing. A trail with the creation but no end proves "unread"; without a trail, so does the
   * absence of a tombstone while none could have ended yet.
   */
  private expiredUnread({ createdAt, expiresAt }: Times, trail: readonly TrailEntry[] | undefined): boolean {
    const now = this.clock.now();
    // The store has ended it by its own clock, which is known here within a second.
    if (now + CLOCK_SLACK_MS < expiresAt) return false;
    return (trail?.length ?? 0) > 0 || now < createdAt + this.config.tombstoneTtlSeconds * 1000;
  }
}

/** The trail's entries, plus the state in the store for events that are not in the database yet. */
function timelineOf(
  trail: readonly TrailEntry[] | undefined,
  { createdAt }: Times,
  known: Standing['known'],
): { timeline: readonly TimelineEntry[]; complete: boolean } {
  const recipientsOnly = trail?.[0]?.extra['recipients'] !== undefined;
  const entries: TimelineEntry[] = (trail ?? []).map((entry) => entryOf(entry, recipientsOnly));
  if (entries[0]?.action !== 'created') entries.unshift({ action: 'created', at: iso(createdAt) });
  const isMissing = known !== undefined && !entries.some(({ action }) => action === known.action);
  if (isMissing) entries.push({ action: known.action, at: iso(known.at) });
  const isWhole = trail !== undefined && trail.length < TIMELINE_MOST;
  return { timeline: entries, complete: isWhole && (!isMissing || known.action === 'expired') };
}
