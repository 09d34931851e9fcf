import type { TrailAction } from '@burnbag/contract';

/** Filter of events; all conditions must hold. */
export interface AuditFilter {
  /** From this moment on, ms. */
  readonly from?: number | undefined;
  /** Before this moment, ms. */
  readonly to?: number | undefined;
  /** 32 hex digits */
  readonly ref?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: TrailAction | undefined;
  /** As stored in the trail. */
  readonly address?: { readonly exact: string } | { readonly prefix: string } | undefined;
}

/** The position of an event in the order of time. */
export interface AuditCursor {
  /** Microseconds since the epoch; they fit into a number until the year 2255. */
  readonly micros: number;
  /** A bigint in digits. */
  readonly id: string;
}
