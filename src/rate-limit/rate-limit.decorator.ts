import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const RATE_LIMIT_KIND = 'burnbag:rate-limit-kind';
export const RATE_LIMIT_KINDS = ['create', 'reveal', 'transfer', 'status', 'signIn'] as const;
export type RateLimitKind = (typeof RATE_LIMIT_KINDS)[number];

/** Counts requests of this route under one of the configured limits. */
export const RateLimit = (kind: RateLimitKind): CustomDecorator => SetMetadata(RATE_LIMIT_KIND, kind);
