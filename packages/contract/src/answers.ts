import type { TrailAction } from './audit-actions.js';
import type { EndReason } from './problems.js';

/** All times of answers are ISO 8601, all sizes bytes. */

/** Number and total size of the files of a secret. */
export interface FilesSummary {
  readonly count: number;
  readonly bytes: number;
}

/** Answer of `POST /secrets` and of the calls that make a secret of files. */
export interface CreatedSecret {
  readonly id: string;
  /** See `secretUrl`. */
  readonly url: string;
  /** What logs and administrators see. */
  readonly ref: string;
  readonly expiresAt: string;
  readonly receiptToken: string;
  /** See `receiptUrl`. */
  readonly receiptUrl: string;
}

/** Answer of `POST /secrets/:id/reveal` and `GET /secrets/:id`. */
export interface RevealedSecret {
  /** Text, or the manifest of files as JSON; the base64 of an age file when sealed. */
  readonly content: string;
  readonly sealed: boolean;
  /** Only for files; `payloadBytes` is what a download of sealed files has. */
  readonly files?: FilesSummary & { readonly payloadBytes: number };
  readonly viewsLeft: number;
  /** Only under a claim. */
  readonly leaseExpiresAt?: string;
}

/** Answer of `POST /files/:id/renew`. */
export interface Lease {
  /** End of the lease, unless it is renewed again. */
  readonly leaseExpiresAt: string;
}

/** Answer of `GET /secrets/:id/status`. */
export interface SecretStatus {
  readonly state: 'live' | 'locked' | 'claimed';
  readonly passphraseRequired: boolean;
  /** It has recipients; then only they get the facts. */
  readonly recipientsOnly?: true;
  readonly sealed: boolean;
  readonly kind: 'text' | 'files';
  /** Of the content (of the age file when sealed); of files, of all together. */
  readonly size: number;
  readonly files?: FilesSummary;
  readonly viewsLeft: number;
  readonly expiresAt: string;
  /** When locked. */
  readonly retryAt?: string;
  /** When claimed. */
  readonly openedAt?: string;
}

/** One event in the life of a secret, as its sender sees it. Texts are as the device sent them. */
export interface TimelineEntry {
  readonly action: TrailAction;
  readonly at: string;
  /** As much of it as AUDIT_IP keeps. */
  readonly ipAddress?: string;
  readonly userAgent?: string;
  /** Tries before the lock, after a failed one. */
  readonly attemptsLeft?: number;
  /** After a view. */
  readonly viewsLeft?: number;
  /** End of a lock. */
  readonly until?: string;
  /** Who burned or unlocked it. */
  readonly by?: 'sender' | 'reader' | 'administrator' | 'system';
  /** Of a secret with recipients: the verified e-mail address of the recipient who acted. */
  readonly reader?: string;
  /** Why a try failed, where the passphrase was not the reason. */
  readonly reason?: 'not_recipient';
}

/** Answer of `GET /receipts/:receiptToken`: the state of a secret, and its events. */
export interface Receipt extends Partial<Omit<SecretStatus, 'state'>> {
  readonly ref: string;
  /** 'ended': nothing is left, and how it ended is no longer known. */
  readonly state: SecretStatus['state'] | EndReason | 'ended';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly maxViews?: number;
  readonly endedAt?: string;
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
  /** false while the trail cannot be read or is behind, or is too long: more happened than the timeline shows. */
  readonly timelineComplete: boolean;
}
