import type { RateLimitKind } from '@burnbag/contract';
import type { FastifyRequest } from 'fastify';

/** Metadata of a handler that the rate-limit guard reads. */
export const RATE_LIMIT_RULE = 'burnbag:rate-limit-rule';

/** A claim that a request brings, and the secret that it is for. */
export interface OfferedClaim {
  /** 16 bytes */
  readonly ref: Buffer;
  /** 16 bytes, as the store keeps it */
  readonly claimHash: Buffer;
}

/**
 * Finds the claim that a request brings, and hashes it only when that is needed. Never throws: the handler refuses later
 * what is malformed.
 */
export type ClaimReader = (request: FastifyRequest) => (() => OfferedClaim) | undefined;

/** Returns the bytes of text that a request brings. Never throws: the body was not checked yet. */
export type TextBytesReader = (request: FastifyRequest) => number;

export interface RateLimitRule {
  readonly kind: RateLimitKind;
  /**
   * Where a lease is at stake: a request under a live claim passes a limit that others behind the same address have used
   * up, within a small limit of the claim's own.
   */
  readonly claimIn?: ClaimReader | undefined;
  /** Counts the bytes of texts that the client brings in an hour, too. */
  readonly textBytesIn?: TextBytesReader | undefined;
}

/** A route's limit; 'none' is stated, never assumed. */
export type RouteLimit = RateLimitKind | RateLimitRule | 'none';

/** @returns undefined for 'none' */
export function ruleOf(limit: RouteLimit): RateLimitRule | undefined {
  if (limit === 'none') return undefined;
  return typeof limit === 'string' ? { kind: limit } : limit;
}
