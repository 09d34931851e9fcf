import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { REPLICAS_KEY } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import type { ScriptDefinition } from '../redis/script/script.js';
import { SILENCE_MS, type HeldKeys, type Replica, type ReplicaRegistry } from './replica-registry.port.js';

/** `2|1,2`: the primary (0 for none yet) and what opens. */
function encode({ primary, ids }: HeldKeys): string {
  return `${primary ?? 0}|${ids.join(',')}`;
}

function decode(name: string, text: string): Replica {
  const [primary = '', ids = ''] = text.split('|');
  return { name, primary: Number(primary) || undefined, ids: ids.split(',').map(Number) };
}

const announceScript: ScriptDefinition<Replica[]> = {
  name: 'announce-keys',
  from: import.meta.url,
  keys: 1,
  parse: (reply) => {
    const texts = reply.map(String);
    return texts.flatMap((name, at) => (at % 2 === 0 ? [decode(name, texts[at + 1] ?? '')] : []));
  },
};

/** @returns the running replicas, for a process that is not one */
export function runningReplicas(redis: Pick<RedisService, 'run'>): Promise<Replica[]> {
  return redis.run(announceScript, REPLICAS_KEY, 'nobody', '', SILENCE_MS);
}

/** One hash, with a field for each replica. */
export class RedisReplicaRegistry implements ReplicaRegistry {
  private readonly name = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;

  constructor(private readonly redis: Pick<RedisService, 'run' | 'bindKeys'>) {}

  announce(held: HeldKeys): Promise<Replica[]> {
    return this.redis.run(announceScript, REPLICAS_KEY, this.name, encode(held), SILENCE_MS);
  }

  async leave(): Promise<void> {
    await this.redis.run(announceScript, REPLICAS_KEY, this.name, '', SILENCE_MS);
  }

  bind(fingerprints: ReadonlyMap<number, Buffer>): Promise<void> {
    return this.redis.bindKeys(fingerprints);
  }
}
