import type { Credentials, LifePlan, Step } from './life-plan.js';

/**
 * One request that a client sent, and its result. Its number is its user agent, so that the trail names the
 * very request that did something.
 */
export interface Try {
  readonly n: number;
  readonly step: Step | { readonly does: 'create' };
  readonly life: Life;
  /** ms since the epoch */
  readonly sentAt: number;
  readonly doneAt: number;
  /** 0: no whole answer came. -1: it was never sent. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One secret as its clients know it. */
export interface Life {
  readonly n: number;
  readonly plan: LifePlan;
  readonly credentials: Credentials;
  /** Of the creation that was answered. */
  ref: string | undefined;
  readonly tries: Try[];
}

export const AGENT = 'chaos/';

/** It is unknown whether it happened. Other refusals say for sure that nothing did. */
export function isUnknown({ status, body }: Try): boolean {
  return status === 0 || (status === 503 && body['code'] === 'store_unavailable');
}
