import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import type { OfferedClaim } from './hit-counter.port.js';

export const RATE_LIMIT_RULE = 'burnbag:rate-limit-rule';
export const RATE_LIMIT_KINDS = ['create', 'reveal', 'transfer', 'status', 'signIn'] as const;
export type RateLimitKind = (typeof RATE_LIMIT_KINDS)[number];

/**
 * Finds the claim that a request brings, and hashes it once that is needed. It never throws: what is not well formed is
 * refused later, by the handler.
 */
export type ClaimReader = (request: FastifyRequest) => (() => OfferedClaim) | undefined;

/** Returns the bytes of text that a request brings. It never throws: the body was not checked yet. */
export type TextBytesReader = (request: FastifyRequest) => number;

export interface RateLimitRule {
  readonly kind: RateLimitKind;
  readonly claimIn?: ClaimReader | undefined;
  readonly textBytesIn?: TextBytesReader | undefined;
}

/**
 * Counts requests of this route under one of the configured limits.
 * @param claimIn where a lease is at stake: a request under a live claim passes a limit that others behind the same
 *   address have used up, within a small limit of the claim's own
 */
export const RateLimit = (kind: RateLimitKind, claimIn?: ClaimReader): CustomDecorator =>
  SetMetadata(RATE_LIMIT_RULE, { kind, claimIn } satisfies RateLimitRule);

/** As `RateLimit('create')`, and counts the bytes of texts that the client brings in an hour. */
export const CreateLimit = (textBytesIn: TextBytesReader): CustomDecorator =>
  SetMetadata(RATE_LIMIT_RULE, { kind: 'create', textBytesIn } satisfies RateLimitRule);
