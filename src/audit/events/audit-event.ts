import { AUDIT_ACTIONS, type AuditAction } from '@burnbag/contract';

import { storableText } from '../../common/storable-text.js';

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

/** Actor and client of the event, as far as the operator allows them to be kept. */
export interface AuditOrigin {
  readonly actor: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

const NOTHING: ExtraData = {};
const ACTIONS: ReadonlySet<string> = new Set(AUDIT_ACTIONS);

/** The entry of an outbox was not written by one of our scripts. */
export class OutboxEntryError extends Error {
  override name = 'OutboxEntryError';
}

function isAction(text: string): text is AuditAction {
  return ACTIONS.has(text);
}

/** The actor and client as they travel through the outbox: a JSON array of three strings or nulls. */
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

const REF = /^[0-9a-f]{32}$/;
/** Past any clock, and what a timestamptz in microseconds can hold exactly. */
const LAST_MS = 9_000_000_000_000;
const MAYBE_UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** JSON with texts that PostgreSQL can keep. */
function parseStorable(json: string): unknown {
  if (!MAYBE_UNSTORABLE.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_, value: unknown) => (typeof value === 'string' ? storableText(value) : value));
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

type Origin = readonly [string | null, string | null, string | null];

function parseOrigin(json: string): Origin {
  const origin = parseStorable(json);
  if (!Array.isArray(origin) || origin.length !== 3 || !origin.every(isTextOrNull)) {
    throw new TypeError('its origin is not three texts');
  }
  return origin as unknown as Origin;
}

function parseExtra(json: string): ExtraData {
  const extra = json === '' ? NOTHING : parseStorable(json);
  if (typeof extra !== 'object' || extra === null || Array.isArray(extra)) {
    throw new TypeError('its extra is not an object');
  }
  const isFlat = Object.values(extra).every(
    (value) => typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value),
  );
  if (!isFlat) throw new TypeError('its extra holds other values than texts, whole numbers and booleans');
  return extra as ExtraData;
}

/** Decodes the entries of one batch. Few of their texts differ, so each is parsed once. */
export class EntryDecoder {
  private readonly origins = new Map<string, Origin>();
  private readonly extras = new Map<string, ExtraData>();

  /** @throws OutboxEntryError when an entry was not written by one of our scripts */
  decode(bucket: number, entry: OutboxEntry): AuditEvent {
    const { streamId, action, ref } = entry;
    try {
      if (!isAction(action)) throw new TypeError('its action is unknown');
      if (!REF.test(ref)) throw new TypeError('its reference is not 32 hex digits');
      const at = Number(entry.at);
      if (!(Number.isSafeInteger(at) && at >= 0 && at <= LAST_MS))
        throw new TypeError('its time is not a valid time');
      const [actor, ipAddress, userAgent] = once(this.origins, entry.origin, parseOrigin);
      const extra = once(this.extras, entry.extra, parseExtra);
      return { bucket, streamId, ref, action, at, actor, ipAddress, userAgent, extra };
    } catch (error) {
      // The message of a parser may quote the entry.
      const reason = error instanceof TypeError ? error.message : 'it is not JSON';
      throw new OutboxEntryError(`entry ${streamId} of outbox ${bucket} cannot be read: ${reason}`);
    }
  }
}

function once<T>(known: Map<string, T>, text: string, parse: (text: string) => T): T {
  const found = known.get(text) ?? parse(text);
  known.set(text, found);
  return found;
}
