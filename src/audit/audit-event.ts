/** What the trail records. `expired` comes from the reconciler; every other from the script of its transition. */
export const AUDIT_ACTIONS = [
  'created',
  'viewed',
  'view_retried',
  'acknowledged',
  'burned',
  'attempt_failed',
  'locked',
  'unlocked',
  'expired',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type ExtraData = Readonly<Record<string, string | number | boolean>>;

/** One transition of a secret, as its script wrote it into the outbox. */
export interface AuditEvent {
  /** 0 to 15 */
  readonly bucket: number;
  /** The entry's id in the bucket's stream, such as "1763694000000-0". */
  readonly streamId: string;
  /** 32 hex digits: the public reference of the secret. */
  readonly ref: string;
  readonly action: AuditAction;
  /** ms since the epoch, by the clock of the Redis server */
  readonly at: number;
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly extra: ExtraData;
}

/** Who did it and from where, as the operator allows it to be kept. */
export interface AuditOrigin {
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

const NOTHING: ExtraData = {};
const ACTIONS: ReadonlySet<string> = new Set(AUDIT_ACTIONS);

/** The entry of an outbox is none that a script of ours wrote. */
export class OutboxEntryError extends Error {
  override name = 'OutboxEntryError';
}

function isAction(text: string): text is AuditAction {
  return ACTIONS.has(text);
}

/** The origin as it travels through the outbox: a JSON array of three strings or nulls. */
export function encodeOrigin({ actor, ipAddress, userAgent }: AuditOrigin): string {
  return JSON.stringify([actor, ipAddress, userAgent]);
}

/** Fields of an outbox entry, in the order in which scripts write them. */
export interface OutboxEntry {
  readonly streamId: string;
  readonly action: string;
  readonly ref: string;
  readonly at: string;
  readonly origin: string;
  readonly extra: string;
}

/** Reads JSON; the same text may give the same object. */
export type ReadJson = (text: string) => unknown;

/**
 * @param readJson for many entries: one that remembers, since few texts differ
 * @throws OutboxEntryError when an entry is none of ours
 */
export function decodeEntry(bucket: number, entry: OutboxEntry, readJson: ReadJson = JSON.parse): AuditEvent {
  const { streamId, action, ref, at } = entry;
  try {
    if (!isAction(action)) throw new TypeError(`unknown action ${action}`);
    const [actor, ipAddress, userAgent] = readJson(entry.origin) as (string | null)[];
    const extra = entry.extra === '' ? NOTHING : (readJson(entry.extra) as ExtraData);
    const origin = { actor: actor ?? null, ipAddress: ipAddress ?? null, userAgent: userAgent ?? null };
    return { bucket, streamId, ref, action, at: Number(at), ...origin, extra };
  } catch (error) {
    throw new OutboxEntryError(`entry ${streamId} of outbox ${bucket} cannot be read: ${String(error)}`);
  }
}
