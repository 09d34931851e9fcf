import { fileKeys, retiredKeysKey } from '../../../redis/redis-keys.js';
import type { RedisService } from '../../../redis/redis.service.js';
import type { ScriptDefinition } from '../../../redis/script/script.js';
import type { UploadRecords } from './upload-records.port.js';

const done = (): void => undefined;

const saveUploadScript: ScriptDefinition<boolean> = {
  name: 'save-upload',
  from: import.meta.url,
  gated: true,
  keys: 2,
  parse: ([tag]) => String(tag) === 'OK',
};
const touchUploadScript: ScriptDefinition<Buffer | undefined> = {
  name: 'touch-upload',
  from: import.meta.url,
  gated: true,
  keys: 1,
  parse: ([record]) => (Buffer.isBuffer(record) ? record : undefined),
};
const dropUploadScript: ScriptDefinition<void> = {
  name: 'drop-upload',
  from: import.meta.url,
  keys: 1,
  parse: done,
};

/** Upload records in Redis, in the bucket of the secret that they become. */
export class RedisUploadRecords implements UploadRecords {
  constructor(private readonly redis: Pick<RedisService, 'run'>) {}

  save(ref: Buffer, record: Buffer, ttlMs: number, keyId: number): Promise<boolean> {
    return this.redis.run(
      saveUploadScript,
      fileKeys(ref).upload,
      retiredKeysKey(ref[0]),
      record,
      ttlMs,
      keyId,
    );
  }

  find(ref: Buffer, ttlMs = 0): Promise<Buffer | undefined> {
    return this.redis.run(touchUploadScript, fileKeys(ref).upload, ttlMs);
  }

  drop(ref: Buffer): Promise<void> {
    return this.redis.run(dropUploadScript, fileKeys(ref).upload);
  }
}
