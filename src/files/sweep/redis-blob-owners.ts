import { BUCKETS, fileIndexKey, fileKeys, secretKeys } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import type { ScriptDefinition, ScriptReply } from '../../redis/script/script.js';
import type { BlobId } from '../store/blob-store.port.js';
import type { BlobOwners } from './blob-owners.port.js';

const PAGE = 500;

type Owner = 'secret' | 'upload' | undefined;

function text(value: ScriptReply[number] | undefined): string {
  if (!Buffer.isBuffer(value)) throw new TypeError('a script answered a number where text was expected');
  return value.toString('latin1');
}

function ownerFrom(tag: string): Owner {
  if (tag === 'SECRET') return 'secret';
  if (tag === 'UPLOAD') return 'upload';
  // An unknown answer must not delete a file.
  if (tag !== 'NONE') throw new TypeError(`unknown owner of a blob: ${tag}`);
  return undefined;
}

const ownerScript: ScriptDefinition<Owner> = {
  name: 'sweep-blob-owner',
  from: import.meta.url,
  gated: true,
  keys: 2,
  parse: ([tag]) => ownerFrom(text(tag)),
};

const indexScript: ScriptDefinition<{ next: string; ids: BlobId[] }> = {
  name: 'sweep-files-index',
  from: import.meta.url,
  gated: true,
  keys: 1,
  parse: ([next, ...ids]) => ({ next: text(next), ids: ids.map(text) }),
};

const forgetScript: ScriptDefinition<boolean> = {
  name: 'sweep-forget-files',
  from: import.meta.url,
  gated: true,
  keys: 2,
  parse: ([tag]) => text(tag) === 'OK',
};

/** Asks Redis, one script for each question; concurrent ones leave in one write. */
export class RedisBlobOwners implements BlobOwners {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  ownerOf(id: BlobId): Promise<Owner> {
    const ref = Buffer.from(id, 'hex');
    return this.redis.run(ownerScript, secretKeys(ref).record, fileKeys(ref).upload);
  }

  async *expected(): AsyncGenerator<BlobId, void, undefined> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      let cursor = '0';
      do {
        const { next, ids } = await this.redis.run(indexScript, fileIndexKey(bucket), cursor, PAGE);
        yield* ids;
        cursor = next;
      } while (cursor !== '0');
    }
  }

  forget(id: BlobId): Promise<boolean> {
    const ref = Buffer.from(id, 'hex');
    return this.redis.run(forgetScript, secretKeys(ref).record, fileKeys(ref).index);
  }
}
