import { decodeUpload, uploadPurpose } from '../files/upload/record/upload-record.js';
import { BUCKETS, fileKeys, retiredKeysKey, secretKeys } from '../redis/redis-keys.js';
import type { ScriptConnection } from '../redis/script/script-connection.js';
import { defineScript, type ScriptReply } from '../redis/script/define-script.js';
import { bytesIn, noReply, resultOf } from '../redis/script/script-reply.js';
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

const parseSwap = (reply: ScriptReply): SwapResult => resultOf(reply, RESULTS);

const peekScript = defineScript(import.meta.url, 'peek-record', {
  keys: ['record'],
  args: { count: 'number' },
  parse: ([bytes]) => bytesIn(bytes),
});
export const rewrapSecretScript = defineScript(import.meta.url, 'rewrap-secret', {
  keys: ['record'],
  args: { old: 'text', new: 'text' },
  parse: parseSwap,
});
export const rewrapUploadScript = defineScript(import.meta.url, 'rewrap-upload', {
  keys: ['upload'],
  args: { old: 'text', new: 'text' },
  parse: parseSwap,
});
const fenceScript = defineScript(import.meta.url, 'fence-key', {
  keys: ['retired'],
  args: { id: 'number', forbid: 'flag' },
  parse: noReply,
});

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
    const args = { old: before.subarray(WRAP.from, WRAP.to), new: envelope.subarray(WRAP.from, WRAP.to) };
    return kind === 'secret'
      ? this.redis.run(rewrapSecretScript, secretKeys(ref), args)
      : this.redis.run(rewrapUploadScript, fileKeys(ref), args);
  }

  async forbid(keyId: number, forbidden: boolean): Promise<void> {
    const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
    await Promise.all(
      buckets.map((bucket) =>
        this.redis.run(fenceScript, { retired: retiredKeysKey(bucket) }, { id: keyId, forbid: forbidden }),
      ),
    );
  }

  private async read(key: string): Promise<WrappedRecord | undefined> {
    const [, letter, ref] = KEY_FORM.exec(key) ?? [];
    if (ref === undefined) return undefined;
    const bytes = await this.redis.run(peekScript, { record: key }, { count: PEEK_BYTES });
    return wrappedIn(letter === 's' ? 'secret' : 'upload', Buffer.from(ref, 'hex'), bytes);
  }
}
