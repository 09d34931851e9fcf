import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decrypter } from 'age-encryption';

import { newClaim } from './kit/client.js';
import { settledKeyspace, openPortal, type Portal } from './kit/portal.js';
import { seal } from './kit/sealed.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const wrongProof = () => randomBytes(32).toString('base64url');
const open = (content: unknown, identity: string): Promise<string> => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(Buffer.from(String(content), 'base64'), 'text');
};

describe('a sealed secret', () => {
  it('comes back byte for byte, and opens with the age library', async () => {
    const { fields, identity, proof } = await seal('sealed 🔥');
    const { id } = await portal.client.create({ ...fields });
    const claim = newClaim();
    const { body } = await portal.client.reveal(id, { proof, claim });
    expect(body).toMatchObject({ content: fields.content, sealed: true, viewsLeft: 0 });
    expect(await open(body.content, identity)).toBe('sealed 🔥');
  });

  it('is neither opened nor burnt nor locked by a client without the proof', async () => {
    const { fields, proof } = await seal('for every holder of the link');
    const { id } = await portal.client.create({ ...fields });
    const before = await settledKeyspace(portal.db);
    for (let guess = 0; guess < 12; guess++) {
      const offers = [
        {},
        { proof: wrongProof() },
        { proof: wrongProof(), claim: newClaim() },
        { passphrase: 'x' },
      ];
      for (const offer of offers) {
        const refused = await portal.client.reveal(id, offer);
        expect(refused).toMatchObject({ status: 403, body: { code: 'proof_wrong' } });
        expect(refused.body).not.toHaveProperty('attemptsLeft');
      }
      expect(await portal.client.burn(id, { json: { proof: wrongProof() } })).toMatchObject({ status: 403 });
      expect(await portal.client.burn(id)).toMatchObject({ status: 403 });
    }
    expect(await settledKeyspace(portal.db)).toEqual(before);
    expect((await portal.client.reveal(id, { proof })).status).toBe(200);
  });

  it('whose link also needs a passphrase counts wrong proofs, and locks', async () => {
    const { fields, proof } = await seal('sealed with a passphrase');
    const { id } = await portal.client.create({ ...fields, passphraseRequired: true });
    expect((await portal.client.status(id)).body).toMatchObject({ passphraseRequired: true, sealed: true });
    expect(await portal.client.reveal(id)).toMatchObject({ status: 403, body: { code: 'proof_wrong' } });
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const refused = await portal.client.reveal(id, { proof: wrongProof() });
      expect(refused).toMatchObject({ status: 403, body: { code: 'proof_wrong', attemptsLeft } });
    }
    expect(await portal.client.reveal(id, { proof })).toMatchObject({ status: 423 });
  });

  it('is burnt by its reader with the proof, and by its sender with the receipt', async () => {
    const first = await seal('one');
    const { id } = await portal.client.create({ ...first.fields });
    expect((await portal.client.burn(id, { json: { proof: first.proof } })).status).toBe(204);
    const second = await portal.client.create({ ...(await seal('two')).fields });
    const headers = { 'X-Receipt-Token': second.receiptToken };
    expect((await portal.client.burn(second.id, { headers })).status).toBe(204);
    expect(await portal.client.reveal(second.id)).toMatchObject({ status: 410, body: { reason: 'burned' } });
  });

  it('does not make a claimant who retries with a wrong proof lose the lease', async () => {
    const { fields, proof } = await seal('retry');
    const { id } = await portal.client.create({ ...fields });
    const claim = newClaim();
    await portal.client.reveal(id, { proof, claim });
    expect(await portal.client.reveal(id, { proof: wrongProof(), claim })).toMatchObject({ status: 403 });
    expect(await portal.client.reveal(id, { claim })).toMatchObject({ status: 403 });
    expect((await portal.client.reveal(id, { proof, claim })).status).toBe(200);
  });
});
