/** Counts in a span of time. */
export interface Counts {
  created: number;
  viewed: number;
  burned: number;
  expired: number;
  locked: number;
  failedAttempts: number;
  rateLimited: number;
}

export const RANGES = ['day', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

/** Oldest span first; all times on these pages are ISO 8601. */
export interface Overview {
  asOf: string;
  range: Range;
  liveNow: number;
  total: Counts;
  spans: (Counts & { start: string })[];
}

/** A live secret: all that is known of it without its link. Sizes in bytes. */
export interface LiveSecret {
  ref: string;
  kind: 'text' | 'files';
  size: number;
  creator: string | null;
  createdAt: string;
  expiresAt: string;
  sealed: boolean;
  passphraseRequired: boolean;
  recipientsOnly: boolean;
  maxViews: number;
  views: number;
  failedAttempts: number;
  lockedUntil: string | null;
}

export interface AuditRow {
  id: string;
  ref: string;
  action: string;
  actor: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: string;
  extra: Record<string, string | number | boolean>;
  bucket: number;
  sequence: string;
}

export interface Verification {
  at: string;
  events: number;
  intact: boolean;
  finding: string | null;
}

export interface SystemState {
  version: string;
  outbox: { waiting: number; max: number; oldestAgeSeconds: number | null };
  database: { engine: string; reachable: boolean };
  redis: { reachable: boolean; version: string | null; usedMemoryBytes: number | null };
  files: { store: 'disk' | 's3'; bytesStored: number | null; quotaBytes: number | null };
  keyring: { id: number; state: string }[];
  chain: { setAsideEvents: number; lastVerification: Verification | null };
}

export interface AnyToken {
  id: string;
  name: string;
  scopes: string[];
  owner: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
}

export interface SessionRow {
  handle: string;
  subject: string;
  name?: string;
  email?: string;
  isAdmin: boolean;
  via: 'oidc' | 'local';
  createdAt: string;
  seenAt: string;
  endsAt: string;
}

/** Rows of one page, and the cursor of the next. */
export interface PageOf<Row> {
  rows: Row[];
  nextCursor: string | null;
}
