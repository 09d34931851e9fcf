import type { EndReason } from '@burnbag/contract';

import type { SecretFacts, SecretState } from './secret-record.js';

export interface NewRecord {
  /** The secret ends `ttlSeconds` from now by the store's clock: see `clock` of CreateResult. */
  readonly facts: SecretFacts;
  readonly envelope: Buffer;
  /** Whether the store has just reported its clock: then it is not compared again. */
  readonly byStore: boolean;
}

/** Why a secret could not be read or changed. Times are ms since the epoch, by the store's clock. */
export type Refusal =
  | { readonly kind: 'gone'; readonly reason: EndReason; readonly at: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'claim-required' }
  /** It has recipients, and the reader is not signed in or is not one of them. */
  | { readonly kind: 'sign-in-required' }
  | { readonly kind: 'not-recipient' }
  | { readonly kind: 'locked'; readonly until: number }
  | { readonly kind: 'guard-required'; readonly sealed: boolean }
  | { readonly kind: 'guard-wrong'; readonly sealed: boolean; readonly attemptsLeft: number | undefined };

export type CreateResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'exists' }
  /**
   * The facts count from a time that differs from the store's clock (ms since the epoch); nothing was stored.
   */
  | { readonly kind: 'clock'; readonly now: number }
  | { readonly kind: 'backlog' }
  /** This replica has not noticed yet that its key was retired. */
  | { readonly kind: 'key-retired' }
  /** Files only: their upload has ended, in this secret or without one. */
  | { readonly kind: 'no-upload' };
export type BurnResult = { readonly kind: 'ok' } | Refusal;
/** `changed` false: there were no attempts and no lock. */
export type UnlockResult = { readonly kind: 'ok'; readonly changed: boolean } | Refusal;
export type AcknowledgeResult =
  { readonly kind: 'ok'; readonly purged: boolean } | { readonly kind: 'none' } | Refusal;

/** Times are ms since the epoch; `none`: the claim has no lease on an existing secret. */
export type RenewResult =
  { readonly kind: 'ok'; readonly leaseEnd: number } | { readonly kind: 'none' } | Refusal;

/** A view, handed over once for each claim. */
export interface View {
  readonly kind: 'ok';
  readonly facts: SecretFacts;
  readonly envelope: Buffer;
  readonly viewsLeft: number;
  /** End of the lease of the claim; absent without a claim. */
  readonly leaseEnd: number | undefined;
  /** The claim had this view already. */
  readonly retried: boolean;
}

/** Status of a secret, read without changing it. */
export interface Look {
  readonly kind: 'ok';
  readonly facts: SecretFacts;
  readonly state: SecretState;
  /** Bytes of the stored content; of files, of all together. */
  readonly size: number;
  readonly openedAt: number | undefined;
  readonly locked: boolean;
}

/** Callers that may burn without the secret's credentials. */
export type BurnAuthority = 'sender' | 'administrator' | 'system';

/** 32 bytes from a passphrase or a proof, to compare with the record's verifier. */
type Verifier = Buffer;

export interface BurnOffer {
  readonly verifier: Verifier | undefined;
  /** See `recipientHash`; undefined without a sign-in. */
  readonly reader: Buffer | undefined;
}

export interface ClaimOffer extends BurnOffer {
  /** 16 bytes; without it the record is purged at once with its last view. */
  readonly claimHash: Buffer | undefined;
  /** Fetching the same view again writes no event: each piece of a file would be one. */
  readonly quiet?: boolean;
}
