// Written from docs/envelope.md alone, with WebCrypto: nothing is shared with src/.
const { subtle } = globalThis.crypto;

const join = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const uint32 = (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

async function blobKey(dataKey, id, header) {
  const ikm = await subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: id, info: join('burnbag/chunks/v1', header) };
  return subtle.deriveKey(parameters, ikm, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
}

/** @returns the plaintext of a whole blob; rejects if anything does not authenticate */
export async function openChunks(blob, { dataKey, id, ref, purpose }) {
  const header = blob.subarray(0, 22);
  if (join(header.subarray(0, 6)).toString('hex') !== '010100010000') throw new Error('not chunks v1');
  const key = await blobKey(dataKey, id, header);
  const binding = join(ref, uint32(purpose.length), purpose);
  const plaintext = [];
  let offset = 22;
  for (let index = 0, last = false; !last; index++) {
    const chunk = blob.subarray(offset, offset + 65_564);
    offset += chunk.length;
    last = offset === blob.length;
    if (last && index > 0 && chunk.length < 29)
      throw new Error('an empty chunk ends no file but the empty one');
    const additionalData = join('burnbag/aad/chunk/v1', header, uint32(index), [last ? 1 : 0], binding);
    const parameters = { name: 'AES-GCM', iv: chunk.subarray(0, 12), additionalData };
    plaintext.push(Buffer.from(await subtle.decrypt(parameters, key, chunk.subarray(12))));
  }
  return Buffer.concat(plaintext);
}
