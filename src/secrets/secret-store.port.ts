import type { SecretFacts, SecretState } from './secret-record.js';

export type EndReason = 'viewed' | 'burned' | 'expired';

/** Why a secret could not be touched. Times are ms since the epoch, by the store's clock. */
export type Refusal =
  | { readonly kind: 'gone'; readonly reason: EndReason; readonly at: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'locked'; readonly until: number }
  | { readonly kind: 'guard-required'; readonly sealed: boolean }
  | { readonly kind: 'guard-wrong'; readonly sealed: boolean; readonly attemptsLeft: number | undefined };

export type CreateResult =
  { readonly kind: 'ok' } | { readonly kind: 'exists' } | { readonly kind: 'backlog' };
export type BurnResult = { readonly kind: 'ok' } | Refusal;
export type AcknowledgeResult =
  { readonly kind: 'ok'; readonly purged: boolean } | { readonly kind: 'none' } | Refusal;

/** A view, handed over once for each claim. */
export interface View {
  readonly kind: 'ok';
  readonly facts: SecretFacts;
  readonly envelope: Buffer;
  readonly viewsLeft: number;
  /** When the same claim stops being answered; absent without a claim. */
  readonly leaseEnd: number | undefined;
  /** The claim had this view already. */
  readonly retried: boolean;
}

/** What is known of a secret without touching it. */
export interface Look {
  readonly kind: 'ok';
  readonly facts: SecretFacts;
  readonly state: SecretState;
  /** Bytes of the stored content. */
  readonly size: number;
  readonly openedAt: number | undefined;
  readonly locked: boolean;
}

/** 32 bytes from a passphrase or a proof; what a reader offers to the guard of a secret. */
export type Verifier = Buffer;

/**
 * Keeps secrets. Every method is one atomic transition with its audit event, or a look that touches nothing.
 * Left out on purpose: listing, and reading content without taking a view.
 */
export interface SecretStore {
  /** @param origin of the audit event, see AuditOrigins; the same for the other transitions */
  create(ref: Buffer, facts: SecretFacts, envelope: Buffer, origin: string): Promise<CreateResult>;
  /** @param claimHash 16 bytes; without it the record is purged at once with its last view */
  claim(
    ref: Buffer,
    offer: { verifier: Verifier | undefined; claimHash: Buffer | undefined },
    origin: string,
  ): Promise<View | Refusal>;
  acknowledge(ref: Buffer, claimHash: Buffer, origin: string): Promise<AcknowledgeResult>;
  /** @param offer 'receipt' when the sender's receipt authorises it */
  burn(
    ref: Buffer,
    offer: { verifier: Verifier | undefined } | 'receipt',
    origin: string,
  ): Promise<BurnResult>;
  look(ref: Buffer): Promise<Look | Refusal>;
}
export const SECRET_STORE = Symbol('SecretStore');
