import type { TrailAction } from '@burnbag/contract';

/** Which events are looked for; those that meet all of it. */
export interface AuditFilter {
  /** From this moment on, ms. */
  readonly from?: number | undefined;
  /** Before this moment, ms. */
  readonly to?: number | undefined;
  /** 32 hex digits */
  readonly ref?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: TrailAction | undefined;
  /** As the trail keeps it. */
  readonly address?: { readonly exact: string } | { readonly prefix: string } | undefined;
}

/** The place of an event in the order of time. */
export interface AuditMark {
  /** Microseconds since the epoch; they fit into a number until the year 2255. */
  readonly micros: number;
  /** A bigint in digits. */
  readonly id: string;
}
