import { createHash, randomBytes } from 'node:crypto';

import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';

/** A sealed secret as the web app makes one, with a random identity and proof. */
export interface Sealed {
  readonly fields: { content: string; sealed: true; proofHash: string };
  readonly identity: string;
  readonly proof: string;
}

export async function seal(text: string): Promise<Sealed> {
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const content = Buffer.from(await encrypter.encrypt(text)).toString('base64');
  const proof = randomBytes(32);
  const proofHash = createHash('sha256').update(proof).digest('base64url');
  return { fields: { content, sealed: true, proofHash }, identity, proof: proof.toString('base64url') };
}
