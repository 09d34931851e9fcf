import { createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decrypter } from 'age-encryption';

import { newClaim } from './kit/client.js';
import { openPortal, type Portal } from './kit/portal.js';
import { seal } from './kit/sealed.js';

/*
 * A thief with a copy of Redis and the key file, who read docs/envelope.md. Shares no code with src/: it must be
 * able to open a secret when the link is added, or its failure without the link would prove nothing.
 */
const HEAD = 24;
const GUARD = 39;

function gcmOpen(key: Buffer, nonce: Buffer, aad: Buffer, box: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad).setAuthTag(box.subarray(-16));
  return Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()]);
}

interface Stolen {
  readonly ref: Buffer;
  readonly dek: Buffer;
  readonly envelope: Buffer;
  readonly purpose: Buffer;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The first half: the data key of a stolen record. Needs the master key, and not the link. */
function unwrap(key: string, record: Buffer, masterKey: Buffer): Stolen {
  const ref = Buffer.from(key.slice(-32), 'hex');
  const guarded = (record.readUInt8(1) & 3) !== 0;
  const start = HEAD + (guarded ? GUARD : 0);
  const envelope = record.subarray(start, record.length - 22 * record.readUInt8(4));
  const facts = [record.subarray(1, 2), record.subarray(9, 20), record.subarray(HEAD + 7, start)];
  const purpose = Buffer.concat([Buffer.from('burnbag/text/v1'), ...facts.slice(0, guarded ? 3 : 2)]);
  const bound = [ref, uint32(purpose.length), purpose];
  const aad = Buffer.concat([Buffer.from('burnbag/aad/wrap/v1'), envelope.subarray(0, 18), ...bound]);
  return {
    ref,
    envelope,
    purpose,
    dek: gcmOpen(masterKey, envelope.subarray(6, 18), aad, envelope.subarray(18, 66)),
  };
}

/** The second half: the content, given a guess at the id. */
function open({ ref, dek, envelope, purpose }: Stolen, id: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', dek, id, 'burnbag/content/v1', 32));
  const header = [envelope.subarray(0, 2), envelope.subarray(66, 78)];
  const bound = [ref, uint32(purpose.length), purpose];
  const aad = Buffer.concat([Buffer.from('burnbag/aad/content/v1'), ...header, ...bound]);
  return gcmOpen(key, envelope.subarray(66, 78), aad, envelope.subarray(78));
}

let portal: Portal;
let masterKey: Buffer;

beforeAll(async () => {
  portal = await openPortal();
  masterKey = Buffer.from(String(portal.env.BURNBAG_KEYS).slice(2), 'base64');
});
afterAll(() => portal.close());

/** Deletes everything but the portal's own state. An empty Redis would count as one that has gone back in time. */
async function forgetSecrets(): Promise<void> {
  const keys = await portal.db.keys('bb:*:[st]:*');
  if (keys.length > 0) await portal.db.del(...keys);
}

async function steal(): Promise<{ all: Buffer; records: Map<string, Buffer> }> {
  const records = new Map<string, Buffer>();
  const everything: Buffer[] = [];
  for (const key of await portal.db.keys('*')) {
    everything.push(Buffer.from(key), (await portal.db.dumpBuffer(key)) ?? Buffer.alloc(0));
    const record = key.includes(':s:') ? await portal.db.getBuffer(key) : undefined;
    if (record) records.set(key, record);
  }
  return { all: Buffer.concat(everything), records };
}

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const refHex = (id: string) =>
  hash('sha256', Buffer.concat([Buffer.from('burnbag/ref/v1'), bytesOf(id)]), 'hex').slice(0, 32);

describe('a thief with a copy of Redis and the master key', () => {
  it('opens nothing without the link, and everything with it: the attack itself works', async () => {
    const links = new Map<string, string>();
    for (const content of ['alpha', 'beta', 'gamma']) {
      const { id } = await portal.client.create({ content, maxViews: 2 });
      await portal.client.reveal(id, { claim: newClaim() });
      links.set(refHex(id), id);
    }
    const { records, all } = await steal();
    expect(records.size).toBe(3);
    for (const [key, record] of records) {
      const stolen = unwrap(key, record, masterKey);
      const id = bytesOf(links.get(stolen.ref.toString('hex')) ?? '');
      // What lies around in the store and could be mistaken for the id.
      const guesses = [stolen.ref, record.subarray(0, 16), stolen.dek.subarray(0, 16), Buffer.alloc(16)];
      for (const guess of [...guesses, ...Array.from({ length: 500 }, () => randomBytes(16))]) {
        expect(() => open(stolen, guess)).toThrow('authenticate');
      }
      for (const window of [all, record]) expect(window.includes(id)).toBe(false);
      expect(['alpha', 'beta', 'gamma']).toContain(open(stolen, id).toString());
    }
  });

  it('finds no 16 bytes anywhere in the copy that would serve as the id', async () => {
    await forgetSecrets();
    const { id, receiptToken } = await portal.client.create({ content: 'searched for' });
    const { records, all } = await steal();
    const [[key, record] = ['', Buffer.alloc(0)]] = records;
    const stolen = unwrap(key, record, masterKey);
    const loot = Buffer.concat([all, Buffer.from(receiptToken, 'base64url')]);
    for (let at = 0; at + 16 <= loot.length; at++) {
      expect(() => open(stolen, loot.subarray(at, at + 16))).toThrow('authenticate');
    }
    expect(open(stolen, bytesOf(id)).toString()).toBe('searched for');
  });

  it('opens nothing that has a passphrase, even with the link', async () => {
    await forgetSecrets();
    const { id } = await portal.client.create({ content: 'guarded', passphrase: 'p' });
    const [[key, record] = ['', Buffer.alloc(0)]] = (await steal()).records;
    expect(() => open(unwrap(key, record, masterKey), bytesOf(id))).toThrow('authenticate');
  });

  it('gets no more than the age file of a sealed secret, even with the link up to its #', async () => {
    await forgetSecrets();
    const { fields, identity } = await seal('for the fragment only');
    const { id } = await portal.client.create({ ...fields });
    const [[key, record] = ['', Buffer.alloc(0)]] = (await steal()).records;
    const payload = open(unwrap(key, record, masterKey), bytesOf(id));
    expect(payload.toString('base64')).toBe(fields.content);
    expect(payload.includes('for the fragment only')).toBe(false);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(await decrypter.decrypt(payload, 'text')).toBe('for the fragment only');
  });

  it('cannot use a claim that was stored: only its hash is', async () => {
    const { id } = await portal.client.create();
    const claim = newClaim();
    await portal.client.reveal(id, { claim });
    const { all } = await steal();
    expect(all.includes(Buffer.from(claim, 'base64url'))).toBe(false);
    const stored = hash('sha256', Buffer.from(claim, 'base64url'), 'buffer').subarray(0, 16);
    expect(all.includes(stored)).toBe(true);
    expect(await portal.client.reveal(id, { claim: stored.toString('base64url') })).toMatchObject({
      status: 410,
    });
  });
});

describe('a thief who comes after the end of a secret, with the link and the master key', () => {
  it.each<[string, (made: { id: string; receiptToken: string }) => Promise<unknown>]>([
    ['was opened once', ({ id }) => portal.client.reveal(id)],
    [
      'was acknowledged',
      async ({ id }) => {
        const claim = newClaim();
        await portal.client.reveal(id, { claim });
        await portal.client.acknowledge(id, claim);
      },
    ],
    [
      'was burned by its sender',
      ({ id, receiptToken }) => portal.client.burn(id, { headers: { 'X-Receipt-Token': receiptToken } }),
    ],
  ])('finds nothing to open where it %s', async (_, end) => {
    await forgetSecrets();
    const made = await portal.client.create({ content: 'gone' });
    const before = await steal();
    const [[key, record] = ['', Buffer.alloc(0)]] = before.records;
    const stolen = unwrap(key, record, masterKey);
    expect(open(stolen, bytesOf(made.id)).toString()).toBe('gone');

    await end(made);
    const left = await steal();
    expect(left.records.size).toBe(0);
    const { envelope, dek } = stolen;
    // The data key, wrapped and unwrapped, and the encrypted content.
    for (const part of [dek, envelope.subarray(18, 66), envelope.subarray(78)]) {
      expect(before.all.includes(part)).toBe(part !== dek);
      expect(left.all.includes(part)).toBe(false);
    }
    // With a copy from before, and without the link, what is left is of no use either.
    const loot = Buffer.concat([left.all, Buffer.from(made.receiptToken, 'base64url')]);
    for (let at = 0; at + 16 <= loot.length; at++) {
      expect(() => open(stolen, loot.subarray(at, at + 16))).toThrow('authenticate');
    }
  });
});
