import { outboxKeys, secretKeys, TRAIL_KEY } from '../redis/redis-keys.js';
import type { ScriptArgument, ScriptDefinition, ScriptReply } from '../redis/script.js';
import {
  decodeEntry,
  encodeOrigin,
  OutboxEntryError,
  type AuditEvent,
  type ReadJson,
} from './audit-event.js';
import type { Outbox, OutboxState, TakenEvents } from './outbox.port.js';

const ENTRY_FIELDS = 6;
const SYSTEM = encodeOrigin({ actor: 'system', ipAddress: null, userAgent: null });

interface TakenReply {
  readonly head: Buffer | undefined;
  readonly events: number;
  /** All fields of all entries. */
  readonly fields: readonly string[];
}

function text(value: Buffer | number | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

const stateScript: ScriptDefinition<OutboxState> = {
  name: 'outbox-state',
  keys: 1,
  parse: ([events, oldest, now]) => ({
    events: Number(events),
    oldestAt: Number(oldest) || undefined,
    now: Number(now),
  }),
};

const takeScript: ScriptDefinition<TakenReply> = {
  name: 'take-events',
  keys: 2,
  parse: ([head, events, fields]: ScriptReply) => ({
    head: Buffer.isBuffer(head) && head.length > 0 ? head : undefined,
    events: Number(events),
    fields: events === 0 ? [] : text(fields).split('\n'),
  }),
};

const settleScript: ScriptDefinition<void> = { name: 'settle-events', keys: 2, parse: () => undefined };

const expireScript: ScriptDefinition<boolean> = {
  name: 'expire-secret',
  keys: 3,
  parse: ([tag]) => text(tag) === 'OK',
};

const bindScript: ScriptDefinition<string> = { name: 'bind-once', keys: 1, parse: ([id]) => text(id) };

function remembering(): ReadJson {
  const known = new Map<string, unknown>();
  return (json) => {
    const found = known.get(json) ?? JSON.parse(json);
    known.set(json, found);
    return found;
  };
}

function eventsFrom(bucket: number, { events: count, fields }: TakenReply): AuditEvent[] {
  if (fields.length !== count * ENTRY_FIELDS) {
    throw new OutboxEntryError(`outbox ${bucket} holds an entry that is none of ours`);
  }
  const events: AuditEvent[] = [];
  const readJson = remembering();
  for (let at = 0; at < fields.length; at += ENTRY_FIELDS) {
    const [streamId = '', action = '', ref = '', when = '', origin = '', extra = ''] = fields.slice(
      at,
      at + ENTRY_FIELDS,
    );
    events.push(decodeEntry(bucket, { streamId, action, ref, at: when, origin, extra }, readJson));
  }
  return events;
}

/** What runs scripts: the process' connection, or a thread's own. */
interface Scripts {
  run<R>(script: ScriptDefinition<R>, ...keysAndArgs: ScriptArgument[]): Promise<R>;
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
    return this.redis.run(stateScript, outboxKeys(bucket).outbox);
  }

  async take(bucket: number, most: number): Promise<TakenEvents> {
    const { outbox, head } = outboxKeys(bucket);
    const reply = await this.redis.run(takeScript, outbox, head, most);
    return { head: reply.head, events: eventsFrom(bucket, reply) };
  }

  settle(bucket: number, head: Buffer, streamIds: readonly string[]): Promise<void> {
    const keys = outboxKeys(bucket);
    return this.redis.run(settleScript, keys.outbox, keys.head, head, streamIds.join('\n'));
  }

  expire(ref: string, at: number): Promise<boolean> {
    const { record, tombstone, outbox } = secretKeys(Buffer.from(ref, 'hex'));
    return this.redis.run(expireScript, record, tombstone, outbox, SYSTEM, at, this.tombstoneMs);
  }
}
