import { outboxKeys, secretKeys, TRAIL_KEY } from '../../redis/redis-keys.js';
import { defineScript } from '../../redis/script/define-script.js';
import { bytesIn, bytesOrNone, integerIn, resultOf, tagOf, textIn } from '../../redis/script/script-reply.js';
import type { Scripts } from '../../redis/script/script-runner.js';
import { bindOnceScript } from '../../redis/value/value.scripts.js';
import { encodeOrigin, EntryDecoder, OutboxEntryError, type AuditEvent } from '../events/audit-event.js';
import { decodeHead } from '../chain/chain-encoding.js';
import { expireSecretScript } from '../retention/expire.script.js';
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

const stateScript = defineScript(import.meta.url, 'outbox-state', {
  keys: ['outbox', 'head'],
  args: {},
  parse: ([events, oldest, now, head]): OutboxState => ({
    events: integerIn(events),
    oldestAt: integerIn(oldest) || undefined,
    now: integerIn(now),
    sequence: (Buffer.isBuffer(head) && decodeHead(head)?.sequence) || 0,
  }),
});

const takeScript = defineScript(import.meta.url, 'take-events', {
  keys: ['outbox', 'head'],
  args: { most: 'number' },
  // Events that a failover may still undo must not reach the database, where their secrets would count as
  // ended.
  durable: true,
  parse: ([head, events, fields]): TakenReply => ({
    head: bytesOrNone(head),
    fields: events === 0 ? [] : textIn(fields).split('\n'),
  }),
});

const settleScript = defineScript(import.meta.url, 'settle-events', {
  keys: ['outbox', 'head'],
  args: { head: 'text', base: 'text', added: 'text', known: 'text' },
  parse: (reply): boolean => tagOf(reply) === 'OK',
});

const CONFIRMATIONS: Readonly<Record<string, Confirmation>> = {
  OK: 'ok',
  CHANGED: 'changed',
  BEHIND: 'behind',
};

const confirmScript = defineScript(import.meta.url, 'confirm-position', {
  keys: ['outbox', 'head'],
  args: { kept: 'text?', head: 'text', complete: 'flag', ids: 'text' },
  parse: (reply) => resultOf(reply, CONFIRMATIONS),
});

const entryScript = defineScript(import.meta.url, 'read-entry', {
  keys: ['outbox'],
  args: { id: 'text' },
  parse: (reply) => reply.map(bytesIn),
});

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

/** See Outbox.confirm. */
export function confirmPosition(
  redis: Scripts,
  bucket: number,
  kept: Buffer | undefined,
  head: Buffer,
  { streamIds, complete }: UnsettledEvents,
): Promise<Confirmation> {
  const ids = streamIds.join('\n');
  return redis.run(confirmScript, outboxKeys(bucket), { kept, head, complete, ids });
}

/** The outbox in Redis streams, one a bucket, read through a consumer group. */
export class RedisOutbox implements Outbox {
  constructor(
    private readonly redis: Scripts,
    private readonly tombstoneMs: number,
  ) {}

  bind(trailId: string): Promise<string> {
    return this.redis.run(bindOnceScript, { binding: TRAIL_KEY }, { id: trailId });
  }

  state(bucket: number): Promise<OutboxState> {
    return this.redis.run(stateScript, outboxKeys(bucket), {});
  }

  async take(bucket: number, most: number): Promise<TakenEvents> {
    const reply = await this.redis.run(takeScript, outboxKeys(bucket), { most });
    return { head: reply.head, ...eventsFrom(bucket, reply) };
  }

  entry(bucket: number, streamId: string): Promise<readonly Buffer[]> {
    return this.redis.run(entryScript, outboxKeys(bucket), { id: streamId });
  }

  settle(bucket: number, { head, base, added, known }: SettledEvents): Promise<boolean> {
    return this.redis.run(settleScript, outboxKeys(bucket), {
      head,
      base,
      added: added.join('\n'),
      known: known.join('\n'),
    });
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
    const keys = secretKeys(Buffer.from(ref, 'hex'));
    const { tombstoneMs } = this;
    return this.redis.run(expireSecretScript, keys, { origin: SYSTEM, expiredAt: at, tombstoneMs });
  }
}
