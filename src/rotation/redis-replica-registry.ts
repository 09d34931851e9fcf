import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { REPLICAS_KEY } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import { defineScript } from '../redis/script/define-script.js';
import { textIn } from '../redis/script/script-reply.js';
import { SILENCE_MS, type HeldKeys, type Replica } from './replica-registry.types.js';

/** `2|1,2`: the primary (0 for none yet) and what opens. */
function encode({ primary, ids }: HeldKeys): string {
  return `${primary ?? 0}|${ids.join(',')}`;
}

function decode(name: string, text: string): Replica {
  const [primary = '', ids = ''] = text.split('|');
  return { name, primary: Number(primary) || undefined, ids: ids.split(',').map(Number) };
}

const announceScript = defineScript(import.meta.url, 'announce-keys', {
  keys: ['replicas'],
  args: { replica: 'text', holds: 'text?', silenceMs: 'number' },
  parse: (reply): Replica[] => {
    const texts = reply.map(textIn);
    return texts.flatMap((name, at) => (at % 2 === 0 ? [decode(name, texts[at + 1] ?? '')] : []));
  },
});

function announce(
  redis: Pick<RedisService, 'run'>,
  replica: string,
  holds: string | undefined,
): Promise<Replica[]> {
  return redis.run(announceScript, { replicas: REPLICAS_KEY }, { replica, holds, silenceMs: SILENCE_MS });
}

/** @returns the running replicas, for a process that is not one */
export function runningReplicas(redis: Pick<RedisService, 'run'>): Promise<Replica[]> {
  return announce(redis, 'observer', undefined);
}

/** Where the replicas of one portal announce which keys they hold. One hash, with a field for each replica. */
export class RedisReplicaRegistry {
  private readonly name = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;

  constructor(private readonly redis: Pick<RedisService, 'run' | 'bindKeys'>) {}

  /**
   * Announces the keys; to be repeated, since an entry expires after SILENCE_MS. @returns the other replicas
   */
  announce(held: HeldKeys): Promise<Replica[]> {
    return announce(this.redis, this.name, encode(held));
  }

  /** Removes this replica. */
  async leave(): Promise<void> {
    await announce(this.redis, this.name, undefined);
  }

  /**
   * Compares key ids with the keys that this store was used with, and stores new ones.
   * @param fingerprints see keyFingerprints
   * @throws RedisUnfitError when an id belongs to other bytes there
   */
  bind(fingerprints: ReadonlyMap<number, Buffer>): Promise<void> {
    return this.redis.bindKeys(fingerprints);
  }
}
