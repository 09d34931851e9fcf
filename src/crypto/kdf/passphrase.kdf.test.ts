import { argon2Sync, hash, randomBytes, type Argon2Parameters } from 'node:crypto';
import { argon2id } from '@noble/hashes/argon2.js';
import { InvalidLengthError, KdfBusyError } from '../crypto.errors.js';
import { PassphraseKdf } from './passphrase.kdf.js';

const id = randomBytes(16);
const kdf = new PassphraseKdf();
const saltOf = (bytes: Buffer) =>
  hash('sha256', Buffer.concat([Buffer.from('burnbag/passphrase-salt/v1'), bytes]), 'buffer').subarray(0, 16);

describe('Argon2id of this runtime', () => {
  it('agrees with the test vector of RFC 9106, section 5.3', () => {
    const parameters: Argon2Parameters = {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    };
    const tag = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659';
    expect(argon2Sync('argon2id', parameters).toString('hex')).toBe(tag);
  });

  it('agrees with an independent implementation on random inputs', () => {
    for (let round = 0; round < 12; round++) {
      const [message, nonce] = [randomBytes(round * 7), randomBytes(16)];
      const cost = { memory: 64 + round * 8, passes: 1 + (round % 2), parallelism: 1, tagLength: 64 };
      const ours = argon2Sync('argon2id', { ...cost, message, nonce });
      const theirs = argon2id(message, nonce, { m: cost.memory, t: cost.passes, p: 1, dkLen: 64 });
      expect(ours.toString('hex')).toBe(Buffer.from(theirs).toString('hex'));
    }
  });
});

describe('the passphrase KDF', () => {
  it('is Argon2id at 46 MiB with the salt of the id: key in the first half, verifier hashed from the second', async () => {
    const { passphraseKey, verifier } = await kdf.derive('open sesame', id);
    const cost = { memory: 47_104, passes: 1, parallelism: 1, tagLength: 64 };
    const output = argon2Sync('argon2id', { ...cost, message: 'open sesame', nonce: saltOf(id) });
    expect(passphraseKey.toString('hex')).toBe(output.toString('hex', 0, 32));
    const hashed = hash('sha256', Buffer.concat([Buffer.from('burnbag/verifier/v1'), output.subarray(32)]));
    expect(verifier.toString('hex')).toBe(hashed);
  });

  it('treats a passphrase as equal however its accents were typed, and differs otherwise', async () => {
    const composed = await kdf.derive('Schl\u00fcssel', id);
    const decomposed = await kdf.derive('Schlu\u0308ssel', id);
    expect(decomposed).toEqual(composed);
    for (const other of ['schl\u00fcssel', 'Schl\u00fcssel ', '']) {
      const wrong = await kdf.derive(other, id);
      expect(wrong.verifier.equals(composed.verifier)).toBe(false);
      expect(wrong.passphraseKey.equals(composed.passphraseKey)).toBe(false);
    }
  });

  it('gives other keys for another id', async () => {
    const [one, two] = [await kdf.derive('same', id), await kdf.derive('same', randomBytes(16))];
    expect(two.verifier.equals(one.verifier)).toBe(false);
    expect(two.passphraseKey.equals(one.passphraseKey)).toBe(false);
  });

  it('costs the main thread almost nothing: the event loop continues, and the work runs elsewhere', async () => {
    const cost = { memory: 47_104, passes: 1, parallelism: 1, tagLength: 64 };
    const before = process.threadCpuUsage();
    argon2Sync('argon2id', { ...cost, message: 'open sesame', nonce: saltOf(id) });
    const blocking = process.threadCpuUsage(before).user;

    // The best of several: other work of the thread only adds time, and may delay one of them.
    const spent: number[] = [];
    let turns = 0;
    for (let derived = 0; derived < 8; derived += 1) {
      const start = process.threadCpuUsage();
      await kdf.derive('open sesame', id);
      spent.push(process.threadCpuUsage(start).user);
      const turn = () => setImmediate(() => (working ? (turns++, turn()) : undefined));
      let working = true;
      turn();
      await kdf.derive('open sesame', id);
      working = false;
    }
    expect(Math.min(...spent)).toBeLessThan(blocking / 4);
    expect(turns).toBeGreaterThan(50);
  });

  it('refuses at once, without deriving, when its queue is full, and takes the next one later', async () => {
    const small = new PassphraseKdf({ concurrency: 1, queue: 1 });
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => small.derive(text, id)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(results[2]).toMatchObject({ reason: expect.any(KdfBusyError) as unknown });
    await expect(small.derive('c', id)).resolves.toBeDefined();
  });

  it('refuses an id of another length', async () => {
    await expect(kdf.derive('x', randomBytes(15))).rejects.toThrow(InvalidLengthError);
  });
});
