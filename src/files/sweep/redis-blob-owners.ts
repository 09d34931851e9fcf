import { BUCKETS, fileIndexKey, fileKeys, secretKeys } from '../../redis/redis-keys.js';
import type { RedisService } from '../../redis/redis.service.js';
import { defineScript, type ScriptReply } from '../../redis/script/define-script.js';
import { tagOf, textIn, unknownTag } from '../../redis/script/script-reply.js';
import type { BlobId } from '../store/blob-store.port.js';
import type { BlobOwners } from './blob-owners.port.js';

const PAGE = 500;

type Owner = 'secret' | 'upload' | undefined;

function ownerIn(reply: ScriptReply): Owner {
  const tag = tagOf(reply);
  if (tag === 'SECRET') return 'secret';
  if (tag === 'UPLOAD') return 'upload';
  // An unknown answer must not delete a file.
  if (tag !== 'NONE') throw unknownTag(tag);
  return undefined;
}

const ownerScript = defineScript(import.meta.url, 'find-blob-owner', {
  keys: ['record', 'upload'],
  args: {},
  gated: true,
  parse: ownerIn,
});

const indexScript = defineScript(import.meta.url, 'sweep-files-index', {
  keys: ['index'],
  args: { cursor: 'text', count: 'number' },
  gated: true,
  parse: ([next, ...ids]): { next: string; ids: BlobId[] } => ({ next: textIn(next), ids: ids.map(textIn) }),
});

const forgetScript = defineScript(import.meta.url, 'sweep-forget-files', {
  keys: ['record', 'index'],
  args: {},
  gated: true,
  parse: (reply): boolean => tagOf(reply) === 'OK',
});

/** Asks Redis, one script for each question; concurrent ones leave in one write. */
export class RedisBlobOwners implements BlobOwners {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  ownerOf(id: BlobId): Promise<Owner> {
    const ref = Buffer.from(id, 'hex');
    return this.redis.run(ownerScript, { ...secretKeys(ref), ...fileKeys(ref) }, {});
  }

  async *expected(): AsyncGenerator<BlobId, void, undefined> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      let cursor = '0';
      do {
        const { next, ids } = await this.redis.run(
          indexScript,
          { index: fileIndexKey(bucket) },
          { cursor, count: PAGE },
        );
        yield* ids;
        cursor = next;
      } while (cursor !== '0');
    }
  }

  forget(id: BlobId): Promise<boolean> {
    const ref = Buffer.from(id, 'hex');
    return this.redis.run(forgetScript, { ...secretKeys(ref), ...fileKeys(ref) }, {});
  }
}
