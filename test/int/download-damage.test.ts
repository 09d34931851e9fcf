import { existsSync, readFileSync, rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ChunkDecryptor } from '../../src/crypto/chunks/chunk-decryptor.js';
import { chunkOffset, CHUNK_BYTES, storedLengthOf } from '../../src/crypto/chunks/chunk-format.js';
import { Keyring } from '../../src/crypto/keyring/keyring.js';
import { hkdfSha256 } from '../../src/crypto/kdf/hkdf.js';
import { idBytes } from '../../src/common/ids.js';
import { digest, gather, release, stored } from '../support/chunk-kit.js';
import { newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { storeFiles, randomFile, type StoredFiles, type StoredFile } from './kit/stored-files.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

const CHUNKS = 40;
/** Long enough that the answer has begun, and left the process, before its middle is read. */
const SIZE = CHUNKS * CHUNK_BYTES - 100;
let portal: Portal;

beforeAll(async () => (portal = await openPortal({ env: { FILE_SWEEP_SECONDS: '86400' } })));
afterAll(() => portal.close());

const chunkAt = (blob: Buffer, index: number): Buffer =>
  blob.subarray(chunkOffset(index), Math.min(blob.length, chunkOffset(index + 1)));

function flipped(blob: Buffer, at: number): Buffer {
  const copy = Buffer.from(blob);
  copy.writeUInt8(copy.readUInt8(at) ^ 0x01, at);
  return copy;
}

function swapped(blob: Buffer, one: number, other: number): Buffer {
  const copy = Buffer.from(blob);
  chunkAt(blob, other).copy(copy, chunkOffset(one));
  chunkAt(blob, one).copy(copy, chunkOffset(other));
  return copy;
}

describe('a blob of another length', () => {
  it.each<[string, (blob: Buffer) => Buffer]>([
    ['cut by a byte', (blob) => blob.subarray(0, -1)],
    ['cut at a chunk border', (blob) => blob.subarray(0, chunkOffset(CHUNKS - 1))],
    ['cut to its header', (blob) => blob.subarray(0, 22)],
    ['cut to nothing', () => Buffer.alloc(0)],
    ['longer by a byte', (blob) => Buffer.concat([blob, Buffer.alloc(1)])],
    ['longer by a chunk', (blob) => Buffer.concat([blob, chunkAt(blob, 3)])],
  ])('%s is an error before the view is taken', async (_, damage) => {
    const { id } = await storeFiles(portal, [randomFile(SIZE)], { damage });
    const { record } = keysOf(id);
    const before = await portal.db.getBuffer(record);
    const got = await fetchFiles(portal.client.url, id, { claim: newClaim() });
    expect(got).toMatchObject({ status: 503, code: 'record_damaged' });
    expect(await portal.db.getBuffer(record)).toEqual(before);
  });

  it('missing is the same, and its log names the reference only', async () => {
    const { id, blobPath, blobId } = await storeFiles(portal, [randomFile(10)]);
    rmSync(blobPath);
    const got = await fetchFiles(portal.client.url, id, { claim: newClaim() });
    expect(got).toMatchObject({ status: 503, code: 'record_damaged' });
    const output = () => portal.apps[0]?.output() ?? '';
    await until(() => output().includes(blobId));
    expect(output()).not.toContain(id);
  });
});

describe('a blob that was changed at its beginning or its end', () => {
  it.each<[string, (blob: Buffer) => Buffer]>([
    ['the version', (blob) => flipped(blob, 0)],
    ['the chunk size', (blob) => flipped(blob, 4)],
    ['the salt', (blob) => flipped(blob, 10)],
    ['the first byte of the first chunk', (blob) => flipped(blob, chunkOffset(0) + 12)],
    ['the first tag', (blob) => flipped(blob, chunkOffset(1) - 1)],
    ['the last byte', (blob) => flipped(blob, blob.length - 1)],
    ['first and second chunk swapped', (blob) => swapped(blob, 0, 1)],
  ])('%s: a problem, and no byte', async (_, damage) => {
    const { id } = await storeFiles(portal, [randomFile(SIZE)], { damage });
    const claim = newClaim();
    for (const headers of [{}, { range: 'bytes=0-9' }]) {
      const got = await fetchFiles(portal.client.url, id, { claim, headers });
      expect(got).toMatchObject({ status: 503, code: 'record_damaged' });
    }
  });
});

describe('a blob that was changed in the middle', () => {
  const file = randomFile(SIZE);
  const half: StoredFile = { name: 'a', content: file.content.subarray(0, SIZE / 2) };
  const rest: StoredFile = { name: 'b', content: file.content.subarray(SIZE / 2) };

  it.each<[string, number, (blob: Buffer) => Buffer]>([
    ['a bit', 20, (blob) => flipped(blob, chunkOffset(20) + 5_000)],
    ['a nonce', 33, (blob) => flipped(blob, chunkOffset(33))],
    ['two chunks swapped', 7, (blob) => swapped(blob, 7, 30)],
    ['a chunk twice', 9, (blob) => Buffer.from(blob).fill(chunkAt(blob, 8), chunkOffset(9), chunkOffset(10))],
  ])('%s: nothing of chunk %d or behind it, and no client takes it for whole', async (_, at, damage) => {
    const { id } = await storeFiles(portal, [file], { damage });
    const claim = newClaim();
    const got = await fetchFiles(portal.client.url, id, { claim });
    expect(got).toMatchObject({ status: 200, whole: false });
    expect(got.bytes.length).toBeLessThanOrEqual(at * CHUNK_BYTES);
    expect(digest(got.bytes)).toBe(digest(file.content.subarray(0, got.bytes.length)));
    // What lies elsewhere is right, and what lies there is refused.
    const range = (from: number, to: number) => ({ range: `bytes=${from}-${to - 1}` });
    const before = await fetchFiles(portal.client.url, id, { claim, headers: range(0, at * CHUNK_BYTES) });
    expect(digest(before.bytes)).toBe(digest(file.content.subarray(0, at * CHUNK_BYTES)));
    const wrong = await fetchFiles(portal.client.url, id, {
      claim,
      headers: range(at * CHUNK_BYTES, at * CHUNK_BYTES + 1),
    });
    expect(wrong).toMatchObject({ status: 503, code: 'record_damaged' });
  });

  it('a zip of it is cut, too', async () => {
    const damage = (blob: Buffer) => flipped(blob, chunkOffset(20) + 5_000);
    const { id } = await storeFiles(portal, [half, rest], { damage });
    const got = await fetchFiles(portal.client.url, id, { claim: newClaim() });
    expect(got).toMatchObject({ status: 200, whole: false });
    expect(got.bytes.length).toBeLessThan(Number(got.headers['content-length']));
  });

  it('a blob of another secret is refused', async () => {
    const other = await storeFiles(portal, [randomFile(SIZE)]);
    const { id } = await storeFiles(portal, [file], { damage: () => readFileSync(other.blobPath) });
    const got = await fetchFiles(portal.client.url, id, { claim: newClaim() });
    expect(got).toMatchObject({ status: 503, code: 'record_damaged' });
  });
});

describe('after the burn', () => {
  const file = randomFile(3 * CHUNK_BYTES);

  /** Tries what a thief with a copy of the blob, the key file and the link could try. */
  async function expectNoise(blob: Buffer, { id, ref }: StoredFiles): Promise<void> {
    const [, key = ''] = (portal.env['BURNBAG_KEYS'] ?? '').split(':');
    const kek = Buffer.from(key, 'base64');
    const purpose = Buffer.from('burnbag/files/v1');
    const address = idBytes(id);
    const guesses = [
      kek,
      Keyring.of(1, kek).primary.derive('burnbag/content/v1', 32),
      hkdfSha256(kek, address, Buffer.from('burnbag/content/v1')),
      Buffer.alloc(32),
    ];
    for (const dataKey of guesses) {
      const tried = await release(stored(blob), { dataKey, id: address, ref, purpose });
      expect(tried).toMatchObject({ error: 'EnvelopeDamagedError', plaintext: Buffer.alloc(0) });
    }
    for (let at = 0; at + 64 <= file.content.length; at += 16_384) {
      expect(blob.includes(file.content.subarray(at, at + 64))).toBe(false);
    }
  }

  it.each<[string, (files: StoredFiles) => Promise<unknown>]>([
    ['by its reader', ({ id }) => portal.client.burn(id)],
    [
      'by an acknowledgement',
      async ({ id }) => {
        const claim = newClaim();
        await fetchFiles(portal.client.url, id, { claim });
        await portal.client.acknowledge(id, claim);
      },
    ],
  ])('%s the blob is gone at once, and a copy of it is noise, with the key file, too', async (_, burn) => {
    const kept = await storeFiles(portal, [file]);
    const copy = readFileSync(kept.blobPath);
    // The same copy opens with the key that only the record holds: it is not random by accident.
    const access = { dataKey: kept.dataKey, id: idBytes(kept.id), ref: kept.ref };
    const opened = await ChunkDecryptor.open(stored(copy), {
      ...access,
      purpose: Buffer.from('burnbag/files/v1'),
    });
    expect(digest(await gather(opened.read()))).toBe(digest(file.content));
    expect(copy.length).toBe(storedLengthOf(file.content.length));

    await burn(kept);
    expect(await portal.db.exists(keysOf(kept.id).record)).toBe(0);
    await until(() => !existsSync(kept.blobPath));
    await expectNoise(copy, kept);
    const left = await Promise.all((await portal.db.keys('*')).map((key) => portal.db.dumpBuffer(key)));
    for (const value of left) expect(value?.includes(kept.dataKey)).not.toBe(true);
  });
});
