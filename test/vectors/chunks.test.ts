import { readFileSync } from 'node:fs';
import { idBytes, refOf } from '../../src/common/ids.js';
import { ChunkEncryptor, encryptChunks } from '../../src/crypto/chunks/chunk-encryptor.js';
import { chunkOffset } from '../../src/crypto/chunks/chunk-format.js';
import { digest, gather, inPieces, opened } from '../support/chunk-kit.js';
import { openChunks } from './chunks-decoder.mjs';

interface BlobVector {
  name: string;
  id: string;
  ref: string;
  purpose: string;
  random: string;
  plaintext?: string;
  blob?: string;
  plaintextLength?: number;
  plaintextSha256?: string;
  blobLength?: number;
  blobHeader?: string;
  blobTag?: string;
  blobSha256?: string;
}

const here = (name: string) => new URL(name, import.meta.url);
const frozen = JSON.parse(readFileSync(here('chunks.v1.json'), 'utf8')) as {
  dataKey: string;
  blobs: BlobVector[];
};
const named = frozen.blobs.map((vector) => [vector.name, vector] as const);
const hex = (text: string) => Buffer.from(text, 'hex');
const pattern = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * i + 7 * i) % 251));

const accessOf = ({ id, ref, purpose }: BlobVector) => ({
  dataKey: hex(frozen.dataKey),
  id: idBytes(id),
  ref: hex(ref),
  purpose: hex(purpose),
});
const plaintextOf = ({ plaintext, plaintextLength }: BlobVector): Buffer =>
  plaintext === undefined ? pattern(plaintextLength ?? -1) : hex(plaintext);
/** The frozen bytes where fresh ones would be drawn: all of them, in their order. */
async function write(vector: BlobVector): Promise<Buffer> {
  let rest = hex(vector.random);
  const bytes = (length: number): Buffer => {
    const next = Buffer.from(rest.subarray(0, length));
    rest = rest.subarray(length);
    if (next.length !== length) throw new Error('the code draws more random bytes than it did');
    return next;
  };
  const encryptor = ChunkEncryptor.start({ bytes }, accessOf(vector));
  const blob = await gather(encryptChunks(encryptor, inPieces(plaintextOf(vector), 12_345)));
  if (rest.length > 0) throw new Error('the code draws fewer random bytes than it did');
  return blob;
}

describe('the frozen vectors of chunks v1', () => {
  it.each(named)('are read and written: %s', async (_, vector) => {
    const blob = await write(vector);
    if (vector.blob === undefined) {
      expect(blob.toString('hex', 0, 34)).toBe(vector.blobHeader);
      expect(blob.subarray(-16).toString('hex')).toBe(vector.blobTag);
      expect(digest(blob)).toBe(`${vector.blobLength} ${vector.blobSha256}`);
      expect(digest(plaintextOf(vector))).toBe(`${vector.plaintextLength} ${vector.plaintextSha256}`);
    } else {
      expect(blob.toString('hex')).toBe(vector.blob);
    }
    expect(refOf(idBytes(vector.id)).toString('hex')).toBe(vector.ref);
    expect(digest(await opened(blob, accessOf(vector)))).toBe(digest(plaintextOf(vector)));
  });
});

describe('the independent decoder of chunks', () => {
  it('is short enough to be read, and shares nothing with our code', () => {
    const source = readFileSync(here('chunks-decoder.mjs'), 'utf8');
    expect(source.trimEnd().split('\n').length).toBeLessThan(40);
    expect(source).not.toMatch(/\bimport\b|require\(/);
  });

  it.each(named)('opens %s, and refuses it when cut or changed', async (_, vector) => {
    const [blob, access] = [await write(vector), accessOf(vector)];
    expect(digest(await openChunks(blob, access))).toBe(digest(plaintextOf(vector)));
    const changed = Buffer.from(blob);
    changed[blob.length - 1] = (changed[blob.length - 1] ?? 0) ^ 1;
    for (const wrong of [changed, blob.subarray(0, -1), Buffer.concat([blob, Buffer.alloc(29)])]) {
      expect(await openChunks(wrong, access).catch(() => 'refused')).toBe('refused');
    }
    if (blob.length > chunkOffset(1)) {
      const cut = blob.subarray(0, chunkOffset(1));
      expect(await openChunks(cut, access).catch(() => 'refused')).toBe('refused');
    }
  });
});
