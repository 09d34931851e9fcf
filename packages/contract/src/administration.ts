/** Answers of the routes under `/admin`, and of `GET /stats`. All times are ISO 8601, all sizes bytes. */

/** Counts of events in a span of time. */
export interface Counts {
  readonly created: number;
  readonly viewed: number;
  readonly burned: number;
  readonly expired: number;
  readonly locked: number;
  readonly failedAttempts: number;
  readonly rateLimited: number;
}

export interface Span extends Counts {
  readonly start: string;
}

/** Answer of `GET /stats`. */
export interface Stats {
  readonly asOf: string;
  readonly liveNow: number;
  /** Since the oldest event that is kept. */
  readonly total: Counts;
  /** The last 48 hours, oldest first. */
  readonly hours: readonly Span[];
  /** The last 31 days of UTC, oldest first. */
  readonly days: readonly Span[];
}

export const OVERVIEW_RANGES = ['day', 'week', 'month'] as const;
export type OverviewRange = (typeof OVERVIEW_RANGES)[number];

/** Answer of `GET /admin/overview`. */
export interface Overview {
  readonly asOf: string;
  readonly range: OverviewRange;
  readonly liveNow: number;
  /** Of the whole range: the sum of its spans. */
  readonly total: Counts;
  /** Oldest first; the last one is still running. */
  readonly spans: readonly Span[];
}

/** A secret that can still be opened: everything that is known without its link. */
export interface LiveSecret {
  readonly ref: string;
  readonly kind: 'text' | 'files';
  /** Of sealed secrets, the size of the sender's age file. */
  readonly size: number;
  readonly creator: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly sealed: boolean;
  readonly passphraseRequired: boolean;
  readonly recipientsOnly: boolean;
  readonly maxViews: number;
  readonly views: number;
  readonly failedAttempts: number;
  /** null when it is not locked. */
  readonly lockedUntil: string | null;
}

/** Answer of `GET /admin/secrets`. */
export interface LiveSecrets {
  readonly secrets: readonly LiveSecret[];
  readonly nextCursor: string | null;
}

/** What an event tells besides its columns. */
export type AuditExtra = Readonly<Record<string, string | number | boolean>>;

/** An event as administrators see and export it. */
export interface AuditEntry {
  /** A bigint in digits: sequence * 16 + bucket. */
  readonly id: string;
  readonly createdAt: string;
  readonly ref: string;
  readonly action: string;
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly extra: AuditExtra;
  /** 0 to 15: the chain of the event. */
  readonly bucket: number;
  /** Position in that chain: a bigint in digits. */
  readonly sequence: string;
}

/** Answer of `GET /admin/audit`, newest first. */
export interface FoundEvents {
  readonly events: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

/** Answer of `POST /admin/audit/verify`: result of a check of the whole trail. */
export interface Verification {
  /** When it ended. */
  readonly at: string;
  readonly intact: boolean;
  /** Number of valid rows; of those before the first finding, when there is one. */
  readonly events: number;
  /** The first finding, as `audit verify` prints it. */
  readonly finding: string | null;
}

export const TRAIL_STATES = ['ok', 'away', 'broken', 'elsewhere', 'behind'] as const;
export type TrailState = (typeof TRAIL_STATES)[number];
export const KEY_STATES = ['primary', 'decrypt-only', 'destroyed'] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** Answer of `GET /admin/system`. A service that does not answer is null; the others are reported. */
export interface SystemState {
  readonly version: string;
  readonly outbox: {
    readonly waiting: number;
    readonly max: number;
    readonly oldestAgeSeconds: number | null;
  };
  readonly database: { readonly engine: 'postgresql' | 'pglite'; readonly reachable: boolean };
  readonly redis: {
    readonly reachable: boolean;
    readonly version: string | null;
    readonly usedMemoryBytes: number | null;
  };
  readonly files: {
    readonly store: 'disk' | 's3';
    readonly bytesStored: number | null;
    readonly quotaBytes: number;
  };
  readonly keyring: readonly { readonly id: number; readonly state: KeyState }[];
  readonly chain: {
    readonly state: TrailState;
    readonly verifying: boolean;
    readonly setAsideEvents: number;
    readonly lastVerification: Verification | null;
  };
}

/** A session of a signed-in person, as administrators see it. */
export interface ListedSession {
  /** 16 hex digits that open nothing. */
  readonly handle: string;
  readonly subject: string;
  readonly name?: string;
  readonly email?: string;
  readonly isAdmin: boolean;
  readonly via: 'oidc' | 'local';
  readonly createdAt: string;
  /** To within a twentieth of the idle limit. */
  readonly seenAt: string;
  /** At the latest. */
  readonly endsAt: string;
}

/** Answer of `GET /admin/sessions`, newest first. */
export interface Sessions {
  readonly sessions: readonly ListedSession[];
}
