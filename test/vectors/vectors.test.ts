import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { idBytes, refOf } from '../../src/common/ids.js';
import { openEnvelope } from '../../src/crypto/envelope/envelope.js';
import { EnvelopeService } from '../../src/crypto/envelope/envelope.service.js';
import { keyFingerprints } from '../../src/crypto/keyring/key-check.js';
import { Keyring } from '../../src/crypto/keyring/keyring.js';
import { PassphraseKdf } from '../../src/crypto/kdf/passphrase.kdf.js';
import { ReceiptTokens } from '../../src/crypto/kdf/receipt-tokens.js';

interface EnvelopeVector {
  name: string;
  kekId: number;
  id: string;
  ref: string;
  purpose: string;
  passphraseKey?: string;
  random: string;
  plaintext?: string;
  envelope?: string;
  plaintextLength?: number;
  plaintextSha256?: string;
  envelopeHeader?: string;
  envelopeTag?: string;
  envelopeSha256?: string;
}
interface Frozen {
  keys: Record<string, string>;
  envelopes: EnvelopeVector[];
  rewrapped: { of: string; kekId: number; random: string; envelope: string }[];
  passphrases: { passphrase: string; id: string; passphraseKey: string; verifier: string }[];
  receipts: { kekId: number; ref: string; createdAt: number; expiresAt: number; token: string }[];
  fingerprints: { kekId: number; fingerprint: string }[];
}

const here = (name: string) => new URL(name, import.meta.url);
const frozen = JSON.parse(readFileSync(here('envelope.v1.json'), 'utf8')) as Frozen;
const hex = (text: string) => Buffer.from(text, 'hex');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pattern = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * i + 7 * i) % 251));

const keys = Object.entries(frozen.keys).map(([id, key]) => [Number(id), hex(key)] as const);
const keyringWith = (primary: number): Keyring => {
  const [[id, key] = [0, hex('')], ...others] = keys;
  return others.reduce((ring, other) => ring.add(...other), Keyring.of(id, key)).promote(primary);
};
/** Writes with the frozen bytes where fresh ones would be drawn: once, and exactly as many. */
const writer = (primary: number, random: string): EnvelopeService => {
  const rest = [hex(random)];
  const bytes = (length: number): Buffer => {
    const next = rest.pop();
    if (next?.length !== length) throw new Error('the code draws other random bytes than it did');
    return next;
  };
  return new EnvelopeService(keyringWith(primary), { bytes });
};
const accessOf = ({ id, ref, purpose, passphraseKey }: EnvelopeVector) => ({
  id: idBytes(id),
  ref: hex(ref),
  purpose: hex(purpose),
  ...(passphraseKey === undefined ? {} : { passphraseKey: hex(passphraseKey) }),
});
const plaintextOf = ({ plaintext, plaintextLength }: EnvelopeVector): Buffer =>
  plaintext === undefined ? pattern(plaintextLength ?? -1) : hex(plaintext);
const write = (vector: EnvelopeVector): Buffer =>
  writer(vector.kekId, vector.random).seal({ ...accessOf(vector), plaintext: plaintextOf(vector) });

describe('the frozen vectors of envelope v1', () => {
  const kdf = new PassphraseKdf();

  it.each(frozen.envelopes.map((vector) => [vector.name, vector] as const))(
    'are read and written: %s',
    (_, vector) => {
      const envelope = write(vector);
      if (vector.envelope === undefined) {
        expect(envelope.toString('hex', 0, 78)).toBe(vector.envelopeHeader);
        expect(envelope.subarray(-16).toString('hex')).toBe(vector.envelopeTag);
        expect(sha256(envelope)).toBe(vector.envelopeSha256);
        expect(sha256(plaintextOf(vector))).toBe(vector.plaintextSha256);
      } else {
        expect(envelope.toString('hex')).toBe(vector.envelope);
      }
      expect(refOf(idBytes(vector.id)).toString('hex')).toBe(vector.ref);
      const opened = openEnvelope(keyringWith(1), envelope, accessOf(vector));
      expect(sha256(opened)).toBe(sha256(plaintextOf(vector)));
    },
  );

  it.each(frozen.rewrapped.map((vector) => [vector.of, vector] as const))(
    'are re-wrapped: %s',
    (_, vector) => {
      const original = frozen.envelopes.find(({ name }) => name === vector.of);
      if (original?.envelope === undefined) throw new Error('no such vector');
      const access = accessOf(original);
      const rewrapped = writer(vector.kekId, vector.random).rewrap(hex(original.envelope), access);
      expect(rewrapped.toString('hex')).toBe(vector.envelope);
      expect(openEnvelope(keyringWith(1), rewrapped, access).toString('hex')).toBe(original.plaintext);
    },
  );

  it.each(frozen.passphrases)('lead from the passphrase $passphrase to its keys', async (vector) => {
    const { passphraseKey, verifier } = await kdf.derive(vector.passphrase, idBytes(vector.id));
    expect(passphraseKey.toString('hex')).toBe(vector.passphraseKey);
    expect(verifier.toString('hex')).toBe(vector.verifier);
  });

  it.each(frozen.receipts)(
    'issue and verify the receipt $token',
    ({ token, kekId, ref, createdAt, expiresAt }) => {
      const receipts = new ReceiptTokens(keyringWith(kekId));
      expect(receipts.issue({ ref: hex(ref), createdAt, expiresAt })).toBe(token);
      expect(receipts.verify(token)).toEqual({ ref: hex(ref), createdAt, expiresAt });
    },
  );

  it('fingerprint the keys', () => {
    const fingerprints = [...keyFingerprints(keyringWith(1))].map(([kekId, bytes]) => ({
      kekId,
      fingerprint: bytes.toString('hex'),
    }));
    expect(fingerprints).toEqual(frozen.fingerprints);
  });
});

describe('the independent decoder', () => {
  it('is short enough to be read, and opens every vector, sealed ones included', async () => {
    const source = readFileSync(here('decoder.mjs'), 'utf8');
    expect(source.trimEnd().split('\n').length).toBeLessThan(80);
    const imported = [...source.matchAll(/from '(.+)'/g)].map(([, name]) => name);
    expect(imported).toEqual(['@noble/hashes/argon2.js', '@scure/base']);
    const large = frozen.envelopes.find(({ envelope }) => envelope === undefined);
    if (!large) throw new Error('no such vector');
    // A process of its own: it runs as a stranger would run it, not through this test runner's modules.
    const running = promisify(execFile)(process.execPath, [here('check-decoder.mjs').pathname]);
    running.child.stdin?.end(write(large).toString('hex'));
    expect(JSON.parse((await running).stdout)).toEqual([8, 2, 3, 4, 4]);
  }, 60_000);
});
