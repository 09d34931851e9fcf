import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import type { OfferedClaim } from './hit-counter.port.js';

export const RATE_LIMIT_RULE = 'burnbag:rate-limit-rule';
export const RATE_LIMIT_KINDS = ['create', 'reveal', 'transfer', 'status', 'signIn'] as const;
export type RateLimitKind = (typeof RATE_LIMIT_KINDS)[number];

/**
 * Finds the claim of a request, and hashes it on demand. Never throws: the handler refuses malformed values
 * later.
 */
export type ClaimReader = (request: FastifyRequest) => (() => OfferedClaim) | undefined;

/** Returns the bytes of text of a request. Never throws: the body was not checked yet. */
export type TextBytesReader = (request: FastifyRequest) => number;

export interface RateLimitRule {
  readonly kind: RateLimitKind;
  readonly claimIn?: ClaimReader | undefined;
  readonly textBytesIn?: TextBytesReader | undefined;
}

/**
 * Counts requests of this route under one of the configured limits.
 * @param claimIn when a lease is at stake: a request with a live claim passes a limit that others have used
 * up from the same IP address, within a small limit of its own
 */
export const RateLimit = (kind: RateLimitKind, claimIn?: ClaimReader): CustomDecorator =>
  SetMetadata(RATE_LIMIT_RULE, { kind, claimIn } satisfies RateLimitRule);

/** Like `RateLimit('create')`, and counts the bytes of texts that the client sends in an hour. */
export const CreateLimit = (textBytesIn: TextBytesReader): CustomDecorator =>
  SetMetadata(RATE_LIMIT_RULE, { kind: 'create', textBytesIn } satisfies RateLimitRule);
