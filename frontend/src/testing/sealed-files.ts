import { base64, base64urlnopad } from '@scure/base';
import { Encrypter } from 'age-encryption';
import { deriveFromLinkKey } from '../lib/seal/derive';
import { recipientOf } from '../lib/seal/seal';
import { SECRET_ID } from './sealed-secret';

export interface PlainFile {
  name: string;
  bytes: Uint8Array;
}

/** Files sealed by the reference library, as the server holds them, and the link to them. */
export async function sealedFiles(files: readonly PlainFile[], note?: string, passphrase?: string) {
  const linkKey = new Uint8Array(32).fill(42);
  const { identity, proof } = await deriveFromLinkKey(linkKey, passphrase);
  const recipient = await recipientOf(identity);
  const seal = async (bytes: Uint8Array) => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    return encrypter.encrypt(bytes);
  };
  const entries = files.map(({ name, bytes }) => ({ name, type: 'application/pdf', size: bytes.length }));
  const manifest = JSON.stringify({ ...(note === undefined ? {} : { note }), files: entries });
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const file of files) {
    all.set(file.bytes, at);
    at += file.bytes.length;
  }
  return {
    identity,
    proof,
    entries,
    bytes,
    payload: await seal(all),
    content: base64.encode(await seal(new TextEncoder().encode(manifest))),
    address: `/s/${SECRET_ID}#${base64urlnopad.encode(linkKey)}`,
  };
}
