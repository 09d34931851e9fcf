import { base64urlnopad } from '@scure/base';
import { deriveFromLinkKey } from '../lib/seal/derive';
import { seal } from '../lib/seal/seal';

export const SECRET_ID = '5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11';

/** A sealed secret as the server would hold it, and the link to it. */
export async function sealedSecret(text: string, passphrase?: string) {
  const linkKey = new Uint8Array(32).fill(42);
  const { contentBase64 } = await seal(text, linkKey, passphrase);
  const { proof } = await deriveFromLinkKey(linkKey, passphrase);
  return { content: contentBase64, proof, address: `/s/${SECRET_ID}#${base64urlnopad.encode(linkKey)}` };
}

export const status = (change: object = {}) => ({
  state: 'live',
  passphraseRequired: false,
  sealed: true,
  kind: 'text',
  size: 300,
  viewsLeft: 1,
  expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  ...change,
});
