import { fileKeys, retiredKeysKey } from '../../../redis/redis-keys.js';
import type { RedisService } from '../../../redis/redis.service.js';
import { defineScript } from '../../../redis/script/define-script.js';
import { noReply, tagOf } from '../../../redis/script/script-reply.js';

const saveUploadScript = defineScript(import.meta.url, 'save-upload', {
  keys: ['upload', 'retired'],
  args: { record: 'text', ttlMs: 'number', keyId: 'number' },
  gated: true,
  parse: (reply): boolean => tagOf(reply) === 'OK',
});
const touchUploadScript = defineScript(import.meta.url, 'touch-upload', {
  keys: ['upload'],
  args: { ttlMs: 'number' },
  gated: true,
  parse: ([record]): Buffer | undefined => (Buffer.isBuffer(record) ? record : undefined),
});
const dropUploadScript = defineScript(import.meta.url, 'drop-upload', {
  keys: ['upload'],
  args: {},
  parse: noReply,
});

/**
 * Keeps the state of uploads across lost connections and restarts. Each entry expires; the script that
 * creates the secret removes it. Upload records in Redis, in the bucket of the secret that they become.
 */
export class RedisUploadRecords {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  /**
   * @param ref 16 bytes, of the future secret @param ttlMs until it expires @param keyId that wraps its data
   * key
   * @returns false when that key was retired, which this replica has not noticed yet: nothing is kept
   */
  save(ref: Buffer, record: Buffer, ttlMs: number, keyId: number): Promise<boolean> {
    const keys = { upload: fileKeys(ref).upload, retired: retiredKeysKey(ref[0]) };
    return this.redis.run(saveUploadScript, keys, { record, ttlMs, keyId });
  }

  /**
   * @param ttlMs restarts the time to live; without it nothing changes @returns undefined when it does not
   * exist
   */
  find(ref: Buffer, ttlMs = 0): Promise<Buffer | undefined> {
    return this.redis.run(touchUploadScript, fileKeys(ref), { ttlMs });
  }

  drop(ref: Buffer): Promise<void> {
    return this.redis.run(dropUploadScript, fileKeys(ref), {});
  }
}
