import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { idBytes, refOf } from '../../src/common/ids.js';
import { EnvelopeDamagedError } from '../../src/crypto/crypto.errors.js';
import { openEnvelope } from '../../src/crypto/envelope/envelope.js';
import { Keyring } from '../../src/crypto/keyring/keyring.js';
import { marksOf } from '../../src/secrets/recipients/recipients.js';
import { decodeRecord, encodeRecord, purposeOf } from '../../src/secrets/record/secret-record.js';

interface RecordVector {
  name: string;
  id: string;
  recipients: string[];
  marks: string;
  purpose: string;
  record: string;
  plaintext: string;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as unknown;
const { keys } = read('envelope.v1.json') as { keys: Record<string, string> };
const { records } = read('recipients.v1.json') as { records: RecordVector[] };
const keyring = Keyring.of(1, Buffer.from(keys['1'] ?? '', 'hex'));

describe('the frozen records with recipients', () => {
  it.each(records.map((vector) => [vector.name, vector] as const))(
    'are read and written: %s',
    (_, vector) => {
      const id = idBytes(vector.id);
      const ref = refOf(id);
      const record = Buffer.from(vector.record, 'hex');
      const { facts, envelope } = decodeRecord(record);
      expect(facts.recipients?.toString('hex')).toBe(vector.marks);
      expect(marksOf({ id }, vector.recipients).toString('hex')).toBe(vector.marks);
      expect(purposeOf(facts).toString('hex')).toBe(vector.purpose);
      expect(encodeRecord(facts, envelope, ref).toString('hex')).toBe(vector.record);
      const opened = openEnvelope(keyring, envelope, { id, ref, purpose: purposeOf(facts) });
      expect(opened.toString('utf8')).toBe(vector.plaintext);
    },
  );

  it.each(records)('have the marks of docs/envelope.md: $name', ({ id, recipients, marks }) => {
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    const each = recipients.map((address) =>
      createHash('sha256')
        .update('burnbag/recipient/v1')
        .update(bytes)
        .update(address)
        .digest('hex')
        .slice(0, 32),
    );
    expect(each.sort().join('')).toBe(marks);
  });

  it('do not open for recipients that were exchanged', () => {
    const [vector] = records;
    if (!vector) throw new Error('no vector');
    const id = idBytes(vector.id);
    const { facts, envelope } = decodeRecord(Buffer.from(vector.record, 'hex'));
    const swapped = { ...facts, recipients: marksOf({ id }, ['mallory@corp.example']) };
    for (const purpose of [purposeOf(swapped), purposeOf({ ...facts, recipients: undefined })]) {
      expect(() => openEnvelope(keyring, envelope, { id, ref: refOf(id), purpose })).toThrow(
        EnvelopeDamagedError,
      );
    }
  });
});
