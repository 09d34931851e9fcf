import { outboxKeys, secretKeys, TRAIL_KEY } from '../../redis/redis-keys.js';
import type { ScriptArgument, ScriptDefinition, ScriptReply } from '../../redis/script/script.js';
import { encodeOrigin, EntryDecoder, OutboxEntryError, type AuditEvent } from '../events/audit-event.js';
import { decodeHead } from '../chain/chain-encoding.js';
import type {
  Confirmation,
  Outbox,
  OutboxState,
  RefusedEvent,
  SettledEvents,
  TakenEvents,
  UnsettledEvents,
} from './outbox.port.js';

const ENTRY_FIELDS = 6;
const UNREADABLE: RefusedEvent['reason'] = 'unreadable';
const SYSTEM = encodeOrigin({ actor: 'system', ipAddress: null, userAgent: null });

interface TakenReply {
  readonly head: Buffer | undefined;
  /** All fields of all entries. */
  readonly fields: readonly string[];
}

function text(value: Buffer | number | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

const stateScript: ScriptDefinition<OutboxState> = {
  name: 'outbox-state',
  from: import.meta.url,
  keys: 2,
  parse: ([events, oldest, now, head]) => ({
    events: Number(events),
    oldestAt: Number(oldest) || undefined,
    now: Number(now),
    sequence: (Buffer.isBuffer(head) && decodeHead(head)?.sequence) || 0,
  }),
};

const takeScript: ScriptDefinition<TakenReply> = {
  name: 'take-events',
  from: import.meta.url,
  // Events that a failover may still undo must not reach the database, where their secrets would count as
  // ended.
  durable: true,
  keys: 2,
  parse: ([head, events, fields]: ScriptReply) => ({
    head: Buffer.isBuffer(head) && head.length > 0 ? head : undefined,
    fields: events === 0 ? [] : text(fields).split('\n'),
  }),
};

const settleScript: ScriptDefinition<boolean> = {
  name: 'settle-events',
  from: import.meta.url,
  keys: 2,
  parse: ([tag]) => text(tag) === 'OK',
};

const confirmScript: ScriptDefinition<Confirmation> = {
  name: 'confirm-position',
  from: import.meta.url,
  keys: 2,
  parse: ([tag]) => CONFIRMATIONS[text(tag)] ?? 'behind',
};

const CONFIRMATIONS: Readonly<Record<string, Confirmation>> = { OK: 'ok', CHANGED: 'changed' };

const expireScript: ScriptDefinition<boolean> = {
  name: 'expire-secret',
  from: new URL('../retention/', import.meta.url).href,
  keys: 3,
  parse: ([tag]) => text(tag) === 'OK',
};

export const bindScript: ScriptDefinition<string> = {
  name: 'bind-once',
  from: new URL('../../redis/value/', import.meta.url).href,
  keys: 1,
  parse: ([id]) => text(id),
};

const entryScript: ScriptDefinition<Buffer[]> = {
  name: 'read-entry',
  from: import.meta.url,
  keys: 1,
  parse: (reply) => reply.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(String(part)))),
};

function eventsFrom(bucket: number, { fields }: TakenReply): Omit<TakenEvents, 'head'> {
  const events: AuditEvent[] = [];
  const decoder = new EntryDecoder();
  for (let start = 0; start < fields.length; start += ENTRY_FIELDS) {
    const [streamId = '', action = '', ref = '', at = '', origin = '', extra = ''] = fields.slice(
      start,
      start + ENTRY_FIELDS,
    );
    try {
      events.push(decoder.decode(bucket, { streamId, action, ref, at, origin, extra }));
    } catch (error) {
      if (!(error instanceof OutboxEntryError)) throw error;
      return { events, unreadable: { streamId, reason: UNREADABLE } };
    }
  }
  return { events };
}

/** Runs scripts: the process' connection, or that of a thread. */
export interface Scripts {
  run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R>;
}

/** See Outbox.confirm. */
export function confirmPosition(
  redis: Scripts,
  bucket: number,
  kept: Buffer | undefined,
  head: Buffer,
  { streamIds, complete }: UnsettledEvents,
): Promise<Confirmation> {
  const keys = outboxKeys(bucket);
  const args = [kept ?? '', head, complete ? '1' : '0', streamIds.join('\n')];
  return redis.run(confirmScript, keys.outbox, keys.head, ...args);
}

/** The outbox in Redis streams, one a bucket, read through a consumer group. */
export class RedisOutbox implements Outbox {
  constructor(
    private readonly redis: Scripts,
    private readonly tombstoneMs: number,
  ) {}

  bind(trailId: string): Promise<string> {
    return this.redis.run(bindScript, TRAIL_KEY, trailId);
  }

  state(bucket: number): Promise<OutboxState> {
    const { outbox, head } = outboxKeys(bucket);
    return this.redis.run(stateScript, outbox, head);
  }

  async take(bucket: number, most: number): Promise<TakenEvents> {
    const { outbox, head } = outboxKeys(bucket);
    const reply = await this.redis.run(takeScript, outbox, head, most);
    return { head: reply.head, ...eventsFrom(bucket, reply) };
  }

  entry(bucket: number, streamId: string): Promise<readonly Buffer[]> {
    return this.redis.run(entryScript, outboxKeys(bucket).outbox, streamId);
  }

  settle(bucket: number, { head, base, added, known }: SettledEvents): Promise<boolean> {
    const keys = outboxKeys(bucket);
    return this.redis.run(
      settleScript,
      keys.outbox,
      keys.head,
      head,
      base,
      added.join('\n'),
      known.join('\n'),
    );
  }

  confirm(
    bucket: number,
    kept: Buffer | undefined,
    head: Buffer,
    unsettled: UnsettledEvents,
  ): Promise<Confirmation> {
    return confirmPosition(this.redis, bucket, kept, head, unsettled);
  }

  expire(ref: string, at: number): Promise<boolean> {
    const { record, tombstone, outbox } = secretKeys(Buffer.from(ref, 'hex'));
    return this.redis.run(expireScript, record, tombstone, outbox, SYSTEM, at, this.tombstoneMs);
  }
}
