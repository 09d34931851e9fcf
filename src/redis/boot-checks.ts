import { setTimeout as delay } from 'node:timers/promises';

import type { Redis } from 'ioredis';

import { KEY_CHECK_KEY } from './redis-keys.js';

/** A server that cannot keep secrets; the message says what to set. */
export class RedisUnfitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RedisUnfitError';
  }
}

export interface ServerFacts {
  readonly major: number;
  readonly minor: number;
}

const OLDEST = { major: 6, minor: 2 };

function infoField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** A server that answers but cannot be used as configured. */
function misplaced(info: string, place: 'alone' | 'cluster'): string | undefined {
  const isMember = infoField(info, 'redis_mode') === 'cluster';
  if (isMember && place === 'alone')
    return 'Redis is part of a cluster: set REDIS_MODE=cluster and REDIS_URLS';
  if (!isMember && place === 'cluster') return 'Redis is not a cluster: set REDIS_MODE=single and REDIS_URL';
  if (infoField(info, 'role') === 'slave' && place === 'alone')
    return 'Redis is a replica and does not accept secrets: name its master, or use REDIS_MODE=sentinel';
  return undefined;
}

/**
 * @param info the text of `INFO` @param place how the server is used
 * @throws RedisUnfitError when the version, the eviction policy or the place is wrong
 */
export function checkServer(info: string, place: 'alone' | 'cluster' = 'alone'): ServerFacts {
  const version = infoField(info, 'redis_version') ?? '0.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    throw new RedisUnfitError(`Redis ${version} is too old: use Redis 6.2 or newer, or Valkey`);
  }
  const policy = infoField(info, 'maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new RedisUnfitError(
      `Redis would evict live secrets: maxmemory-policy is ${policy}; set "maxmemory-policy noeviction"`,
    );
  }
  const problem = misplaced(info, place);
  if (problem !== undefined) throw new RedisUnfitError(problem);
  return { major, minor };
}

/** Milliseconds between tries: covers a restarting Redis, about ten seconds in all. */
const TRIES = 100;
const PAUSE_MS = 100;

/**
 * Asks until there is an answer: Redis may disconnect between the connection and the first command.
 * @throws RedisUnfitError after about ten seconds
 */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof RedisUnfitError) throw error;
      if (tries === TRIES) {
        throw new RedisUnfitError(`Redis disconnected during the start: ${String(error)}. Check its address`);
      }
      await delay(PAUSE_MS);
    }
  }
}

/**
 * Compares the configured keys with the fingerprints of the keys that the stored secrets were made with, and
 * stores new ones: a key with a known id but other bytes opens nothing, which would show only after a secret
 * was burnt for it.
 * @param fingerprints 16 bytes for each key id
 */
export async function checkKeys(
  client: Pick<Redis, 'hsetnx' | 'hget'>,
  fingerprints: ReadonlyMap<number, Buffer>,
): Promise<void> {
  for (const [id, fingerprint] of fingerprints) {
    const field = String(id);
    const ours = fingerprint.toString('base64url');
    await patiently(() => client.hsetnx(KEY_CHECK_KEY, field, ours));
    if ((await patiently(() => client.hget(KEY_CHECK_KEY, field))) !== ours) {
      throw new RedisUnfitError(
        `Key ${id} is not the key ${id} that this Redis was used with. Give the right key, or a new key a new id`,
      );
    }
  }
}
