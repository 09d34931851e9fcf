import { argon2Sync, createHash, hkdfSync, randomBytes } from 'node:crypto';

import { bech32 } from '@scure/base';
import { Encrypter, identityToRecipient } from 'age-encryption';

import type { Api } from './api.js';

const expand = (ikm: Uint8Array, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', ikm, new Uint8Array(), info, length));

function stretch(linkKey: Uint8Array, passphrase: string): Buffer {
  const salt = expand(linkKey, 'burnbag/passphrase-salt/v1', 16);
  const cost = { parallelism: 1, tagLength: 32, memory: 47_104, passes: 1 };
  return argon2Sync('argon2id', { message: passphrase.normalize('NFC'), nonce: salt, ...cost });
}

/** What docs/envelope.md derives from a link, computed without the web app's code. */
export function keysOfLink(linkKey: Uint8Array, passphrase?: string): { identity: string; proof: Buffer } {
  const ikm = passphrase ? Buffer.concat([linkKey, stretch(linkKey, passphrase)]) : linkKey;
  const scalar = expand(ikm, 'burnbag/sealed/identity/v1', 32);
  const identity = bech32.encodeFromBytes('age-secret-key-', scalar).toUpperCase();
  return { identity, proof: expand(ikm, 'burnbag/sealed/proof/v1', 32) };
}

/** Creates a sealed secret as any other program could, with the reference age library. @returns its whole link */
export async function createSealed(
  api: Api,
  text: string,
  { passphrase, ...limits }: { passphrase?: string; ttlSeconds?: number; maxViews?: number } = {},
): Promise<{ id: string; link: string; receiptUrl: string; proof: string }> {
  const linkKey = randomBytes(32);
  const { identity, proof } = keysOfLink(linkKey, passphrase);
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const content = Buffer.from(await encrypter.encrypt(text)).toString('base64');
  const proofHash = createHash('sha256').update(proof).digest('base64url');
  const sealed = { sealed: true, content, proofHash, passphraseRequired: passphrase !== undefined };
  const { id, url, receiptUrl } = await api.create({ ...sealed, ...limits });
  const link = `${url}#${linkKey.toString('base64url')}`;
  return { id, link, receiptUrl, proof: proof.toString('base64url') };
}
