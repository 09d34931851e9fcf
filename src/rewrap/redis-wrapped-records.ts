import { decodeUpload, uploadPurpose } from '../files/upload/record/upload-record.js';
import { BUCKETS, fileKeys, retiredKeysKey, secretKeys } from '../redis/redis-keys.js';
import type { ScriptConnection } from '../redis/script/script-connection.js';
import type { ScriptDefinition } from '../redis/script/script.js';
import {
  decodeRecord,
  FILES_BYTES,
  GUARD_BYTES,
  HEAD_BYTES,
  purposeOf,
} from '../secrets/record/secret-record.js';
import type { SwapResult, WrappedRecord, WrappedRecords } from './wrapped-records.port.js';

/**
 * The longest head, and an envelope without content: every record has at least this part of its envelope.
 */
const ENVELOPE_MIN = 94;
const PEEK_BYTES = HEAD_BYTES + GUARD_BYTES + FILES_BYTES + ENVELOPE_MIN;
const KEY_FORM = /^bb:\{[0-9a-f]{2}\}:([su]):([0-9a-f]{32})$/;
const PATTERN = 'bb:{*}:[su]:*';
const WRAP = { from: 2, to: 66 };

const RESULTS: Readonly<Record<string, SwapResult>> = {
  OK: 'done',
  MISSING: 'gone',
  CHANGED: 'changed',
  DAMAGED: 'damaged',
};

function parseSwap([tag]: readonly (Buffer | number)[]): SwapResult {
  const result = RESULTS[String(tag)];
  if (!result) throw new TypeError(`a script answered with an unknown tag: ${String(tag)}`);
  return result;
}

const peekScript: ScriptDefinition<Buffer> = {
  name: 'peek-record',
  from: import.meta.url,
  keys: 1,
  parse: ([bytes]) => (Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0)),
};
export const rewrapSecretScript: ScriptDefinition<SwapResult> = {
  name: 'rewrap-secret',
  from: import.meta.url,
  keys: 1,
  parse: parseSwap,
};
export const rewrapUploadScript: ScriptDefinition<SwapResult> = {
  name: 'rewrap-upload',
  from: import.meta.url,
  keys: 1,
  parse: parseSwap,
};
const fenceScript: ScriptDefinition<void> = {
  name: 'fence-key',
  from: import.meta.url,
  keys: 1,
  parse: () => undefined,
};

/**
 * Reads the first bytes of a record for a rotation. @returns undefined for anything else, or when it has
 * ended meanwhile
 */
function wrappedIn(kind: WrappedRecord['kind'], ref: Buffer, bytes: Buffer): WrappedRecord | undefined {
  if (kind === 'upload') {
    const upload = decodeUpload(bytes);
    if (!upload || upload.envelope.length < ENVELOPE_MIN) return undefined;
    return { kind, ref, envelope: upload.envelope, purpose: uploadPurpose(upload.facts) };
  }
  if (bytes.length < HEAD_BYTES + ENVELOPE_MIN) return undefined;
  const { facts, envelope } = decodeRecord(bytes);
  return envelope.length < ENVELOPE_MIN ? undefined : { kind, ref, envelope, purpose: purposeOf(facts) };
}

/** Over all servers: keys by SCAN, then a script for each record, those of a page in one write. */
export class RedisWrappedRecords implements WrappedRecords {
  constructor(private readonly redis: ScriptConnection) {}

  async *pages(): AsyncGenerator<WrappedRecord[]> {
    for await (const keys of this.redis.scan(PATTERN)) {
      const records = await Promise.all(keys.map((key) => this.read(key)));
      yield records.filter((record) => record !== undefined);
    }
  }

  swap({ kind, ref, envelope: before }: WrappedRecord, envelope: Buffer): Promise<SwapResult> {
    const [old, wanted] = [before, envelope].map((bytes) => bytes.subarray(WRAP.from, WRAP.to)) as [
      Buffer,
      Buffer,
    ];
    return kind === 'secret'
      ? this.redis.run(rewrapSecretScript, secretKeys(ref).record, old, wanted)
      : this.redis.run(rewrapUploadScript, fileKeys(ref).upload, old, wanted);
  }

  async forbid(keyId: number, forbidden: boolean): Promise<void> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
    await Promise.all(
      buckets.map((bucket) => this.redis.run(fenceScript, retiredKeysKey(bucket), keyId, forbidden ? 1 : 0)),
    );
  }

  private async read(key: string): Promise<WrappedRecord | undefined> {
    const [, letter, ref] = KEY_FORM.exec(key) ?? [];
    if (ref === undefined) return undefined;
    const bytes = await this.redis.run(peekScript, key, PEEK_BYTES);
    return wrappedIn(letter === 's' ? 'secret' : 'upload', Buffer.from(ref, 'hex'), bytes);
  }
}
