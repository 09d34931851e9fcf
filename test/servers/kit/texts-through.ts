import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim } from '../../int/kit/client.js';
import { expectProblem } from '../../int/kit/problems.js';
import { openBehindProxy, type ProxiedPortal } from '../../int/kit/proxied.js';
import { seal } from '../../int/kit/sealed.js';
import type { ReverseProxyKind } from '../../support/reverse-proxy.js';

const MAX = 262_144;

/** Texts behind a reverse proxy with its default settings. */
export function textsThrough(kind: ReverseProxyKind): void {
  describe(`texts through ${kind}`, () => {
    let proxied: ProxiedPortal;
    beforeAll(async () => (proxied = await openBehindProxy({ kind })));
    afterAll(() => proxied.close());

    it('come back perfectly up to the limit, and open once', async () => {
      const { client } = proxied;
      for (const content of ['x', 'x'.repeat(MAX), '🔥'.repeat(MAX / 4), 'a\u0000\u2028\uFEFFé']) {
        const { id } = await client.create({ content });
        const opened = await client.reveal(id);
        expect(opened.status).toBe(200);
        expect(opened.body.content === content).toBe(true);
        expectProblem(await client.reveal(id), 410, 'secret_gone');
      }
    });

    it('come back perfectly when sealed, up to the limit', async () => {
      const { client } = proxied;
      const { fields, proof } = await seal('x'.repeat(MAX));
      const { id } = await client.create({ ...fields });
      const opened = await client.reveal(id, { proof, claim: newClaim() });
      expect(opened.status).toBe(200);
      expect(opened.body.content).toBe(fields.content);
    });

    it('give one of twenty readers the content, and a claim the same answer again', async () => {
      const { client } = proxied;
      const { id } = await client.create();
      const claims = Array.from({ length: 20 }, newClaim);
      const answers = await Promise.all(claims.map((claim) => client.reveal(id, { claim })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 410)).toHaveLength(19);
      const winner = claims[answers.findIndex(({ status }) => status === 200)] ?? '';
      expect((await client.reveal(id, { claim: winner })).body.content).toBe('a secret');
      expect((await client.acknowledge(id, winner)).status).toBe(204);
      expectProblem(await client.reveal(id, { claim: winner }), 410, 'secret_gone');
    });

    it('are looked at and burnt without a body, and link to the proxy', async () => {
      const { client, proxy } = proxied;
      const { id, url, receiptToken } = await client.create();
      expect(url.startsWith(`${proxy.url}/s/`)).toBe(true);
      expect((await client.head(id)).status).toBe(200);
      expect((await client.status(id)).body).toMatchObject({ state: 'live' });
      expect((await client.burn(id, { headers: { 'x-receipt-token': receiptToken } })).status).toBe(204);
      expect((await client.receipt(receiptToken)).status).toBe(200);
    });
  });
}
