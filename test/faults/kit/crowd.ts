import { setTimeout as delay } from 'node:timers/promises';

import type { Redis } from 'ioredis';

import type { Client } from '../../int/kit/client.js';
import { keysOf } from '../../int/kit/portal.js';

/** Every fifth may be viewed three times, so that a change of its views would be seen. */
const MANY_VIEWS = { every: 5, views: 3 };
const CONNECTIONS = 48;
/** Few, so that they do not come to the end before the work does that they shall disturb. */
const READERS = 8;
const KEK_AT = 26;
const LOOK = 2_000;

interface Member {
  readonly id: string;
  readonly content: string;
  readonly maxViews: number;
  shown: number;
}

/** Calls `work` for each of `items`, `width` at a time. */
async function each<T>(
  items: Iterable<T>,
  work: (item: T, n: number) => Promise<void>,
  many = CONNECTIONS,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let taken = 0;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value, taken++);
  };
  await Promise.all(Array.from({ length: many }, worker));
}

/** Many live secrets, and what their readers were answered. */
export class Crowd {
  private readonly members: Member[] = [];
  /** Answers that no client should get. */
  readonly failed: string[] = [];
  /** Readers that were served, and the slowest answer in ms. */
  readonly served = { readers: 0, slowestMs: 0 };
  private readonly unread: Member[] = [];

  constructor(private readonly clients: () => readonly Client[]) {}

  /** Waits where the trail is too far behind, as a client does. */
  async fill(amount: number): Promise<void> {
    await each(Array.from({ length: amount }).keys(), async (n) => {
      const maxViews = n % MANY_VIEWS.every === 0 ? MANY_VIEWS.views : 1;
      const content = `one of the crowd ${n}`;
      let answer = await this.clientOf(n).tryCreate({ content, maxViews });
      for (; answer.status === 503; await delay(100))
        answer = await this.clientOf(n).tryCreate({ content, maxViews });
      this.members.push({ id: String(answer.body['id']), content, maxViews, shown: 0 });
    });
    this.unread.push(...this.members);
  }

  /**
   * Two readers at once for one member after the other, until `isOver` or a third of all was read.
   * @returns how many members were read
   */
  async readUntil(isOver: () => boolean): Promise<number> {
    const before = this.unread.length;
    const most = this.members.length / 3;
    const readable = function* (unread: Member[]): Generator<Member> {
      while (!isOver() && before - unread.length < most) yield unread.pop() as Member;
    };
    await each(readable(this.unread), (member, n) => this.readTwice(member, n), READERS);
    return before - this.unread.length;
  }

  /** Reads every member until it is gone. @returns how many were not shown exactly as often as they may be */
  async finish(): Promise<number> {
    await each(this.members, async (member, n) => {
      for (let left = member.maxViews - member.shown; left > 0; left -= 2) await this.readTwice(member, n);
      await this.read(member, n, 410);
    });
    return this.members.filter(({ shown, maxViews }) => shown !== maxViews).length;
  }

  /** @returns how many of those that live are under each key */
  async keys(db: Redis): Promise<Map<number, number>> {
    const counts = new Map<number, number>();
    for (let from = 0; from < this.members.length; from += LOOK) {
      const some = this.members.slice(from, from + LOOK);
      const ids = some.map(({ id }) => db.getrangeBuffer(keysOf(id).record, KEK_AT, KEK_AT + 3));
      for (const id of await Promise.all(ids))
        if (id.length > 0) counts.set(id.readUInt32BE(), (counts.get(id.readUInt32BE()) ?? 0) + 1);
    }
    return counts;
  }

  private async readTwice(member: Member, n: number): Promise<void> {
    const expected = member.maxViews - member.shown;
    const statuses = await Promise.all([this.read(member, n), this.read(member, n + 1)]);
    const served = statuses.filter((status) => status === 200).length;
    if (served !== Math.min(2, expected))
      this.failed.push(`${served} of two readers: ${statuses.join(', ')}`);
  }

  private async read(member: Member, n: number, wanted?: number): Promise<number> {
    const since = performance.now();
    const { status, body } = await this.clientOf(n).reveal(member.id);
    this.served.slowestMs = Math.max(this.served.slowestMs, performance.now() - since);
    if (status === 200) {
      this.served.readers += 1;
      member.shown += 1;
      if (body['content'] !== member.content) this.failed.push('another content was shown');
    }
    if (wanted === undefined ? status !== 200 && status !== 410 : status !== wanted)
      this.failed.push(`${status}: ${String(body['code'])}`);
    return status;
  }

  private clientOf(n: number): Client {
    const clients = this.clients();
    return clients[n % clients.length] as Client;
  }
}
