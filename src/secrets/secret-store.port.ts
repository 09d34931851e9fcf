import type { SecretFacts, SecretState } from './secret-record.js';

/** Why a secret could not be touched. Times are ms since the epoch, by the store's clock. */
export type Refusal =
  | { readonly kind: 'gone'; readonly reason: 'viewed' | 'burned'; readonly at: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'locked'; readonly until: number }
  | { readonly kind: 'guard-required'; readonly sealed: boolean }
  | { readonly kind: 'guard-wrong'; readonly sealed: boolean; readonly attemptsLeft: number | undefined };

export type CreateResult = { readonly kind: 'ok' } | { readonly kind: 'exists' };
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
 * Keeps secrets. Every method is one atomic transition, or a look that touches nothing.
 * Left out on purpose: listing, and reading content without taking a view.
 */
export interface SecretStore {
  create(ref: Buffer, facts: SecretFacts, envelope: Buffer): Promise<CreateResult>;
  /** @param claimHash 16 bytes; without it the record is purged at once with its last view */
  claim(
    ref: Buffer,
    offer: { verifier: Verifier | undefined; claimHash: Buffer | undefined },
  ): Promise<View | Refusal>;
  acknowledge(ref: Buffer, claimHash: Buffer): Promise<AcknowledgeResult>;
  /** @param offer 'receipt' when the sender's receipt authorises it */
  burn(ref: Buffer, offer: { verifier: Verifier | undefined } | 'receipt'): Promise<BurnResult>;
  look(ref: Buffer): Promise<Look | Refusal>;
}
export const SECRET_STORE = Symbol('SecretStore');
