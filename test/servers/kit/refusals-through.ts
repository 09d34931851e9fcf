import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client, newClaim, type Answer } from '../../int/kit/client.js';
import { expectProblem } from '../../int/kit/problems.js';
import { openBehindProxy, type ProxiedPortal } from '../../int/kit/proxied.js';
import { sendForm, TusUpload } from '../../int/kit/uploads.js';
import { startReverseProxy, type ReverseProxyKind } from '../../support/reverse-proxy.js';

/** Both far above what lies in the buffers of a connection that nothing reads; the first is below nginx's own 1 MiB. */
const BODIES = [randomBytes(900_000), randomBytes(20_000_000)] as const;
const FILE_MAX = 500_000;
const ROUNDS = 3;
/** Above what the other refusals of this file take, below what the last of them sends. */
const STATUS_LIMIT = 60;

interface Refusal {
  readonly what: string;
  /** What may be answered: status and code. */
  readonly answer: readonly string[];
  readonly ask: (client: Client, body: Buffer) => Promise<Answer>;
}

const piece = (offset: number): Readonly<Record<string, string>> => ({
  'tus-resumable': '1.0.0',
  'upload-offset': String(offset),
  'content-type': 'application/offset+octet-stream',
});
const sendPiece = (
  client: Client,
  body: Buffer,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  client.send('PATCH', `/api/v1/uploads/${randomUUID()}`, { text: body, headers: { ...piece(0), ...more } });

/** Each is told before the end of a long body. */
const REFUSALS: readonly Refusal[] = [
  {
    what: 'a text above the limit',
    answer: ['413 payload_too_large'],
    ask: (client, body) => client.tryCreate({ content: 'x'.repeat(body.length) }),
  },
  {
    what: 'a body that is far longer than its route takes',
    answer: ['413 payload_too_large'],
    ask: (client, body) => client.reveal(randomUUID(), { passphrase: 'x'.repeat(body.length) }),
  },
  {
    what: 'a form above FILE_MAX_BYTES',
    answer: ['413 file_too_large'],
    ask: (client, body) => sendForm(client, [{ name: 'file', filename: 'a', body }]),
  },
  {
    what: 'the begin of an upload that has a body',
    answer: ['413 payload_too_large'],
    ask: (client, body) =>
      client.send('POST', '/api/v1/uploads', {
        headers: { 'tus-resumable': '1.0.0', 'upload-length': '1' },
        text: body,
      }),
  },
  {
    what: 'a piece of an unknown upload',
    answer: ['404 upload_not_found'],
    ask: (client, body) => sendPiece(client, body),
  },
  {
    what: 'a piece for the wrong offset',
    answer: ['409 upload_conflict'],
    ask: async (client, body) => (await TusUpload.begin(client, FILE_MAX)).patch(65_536, body),
  },
  {
    what: 'a piece beyond the length of its upload',
    answer: ['413 payload_too_large'],
    ask: async (client, body) => (await TusUpload.begin(client, 100_000)).patch(0, body),
  },
  {
    what: 'a piece of another version of tus',
    answer: ['412 tus_version_wrong'],
    ask: (client, body) => sendPiece(client, body, { 'tus-resumable': '0.2.2' }),
  },
  {
    what: 'a piece of another type',
    answer: ['415 unsupported_media_type'],
    ask: (client, body) => sendPiece(client, body, { 'content-type': 'text/plain' }),
  },
  {
    what: 'a token that is not one',
    answer: ['401 token_invalid'],
    ask: (client, body) => sendPiece(client, body, { authorization: 'Bearer bbt_wrong' }),
  },
  {
    what: 'a path that does not exist',
    answer: ['404 route_not_found', '413 payload_too_large'],
    ask: (client, body) => client.send('POST', '/api/v1/nothing', { text: body }),
  },
];

/** What the portal refuses reaches the client as its own problem details, not as the proxy's 502. */
export function refusalsThrough(kind: ReverseProxyKind): void {
  describe(`refusals through ${kind}`, () => {
    let proxied: ProxiedPortal;
    let clients: readonly Client[];
    beforeAll(async () => {
      proxied = await openBehindProxy({
        kind,
        env: {
          FILE_MAX_BYTES: String(FILE_MAX),
          RATE_LIMIT: 'on',
          RATE_LIMIT_CREATE: '1000',
          RATE_LIMIT_STATUS: String(STATUS_LIMIT),
        },
      });
      // The same portal, for bodies that nginx by itself would not take.
      const wide = await startReverseProxy({
        upstream: proxied.portal.client.url,
        kind,
        directives: kind === 'nginx' ? ['client_max_body_size 0'] : [],
      });
      clients = [proxied.client, new Client(wide.url)];
    });
    afterAll(async () => {
      for (const client of clients) client.close();
      await proxied.close();
    });

    it.each(REFUSALS.map((refusal) => [refusal.what, refusal] as const))(
      'arrive, of %s',
      async (_what, { answer, ask }) => {
        for (const [n, body] of BODIES.entries()) {
          for (let round = 0; round < ROUNDS; round += 1) {
            const client = clients[n] ?? proxied.client;
            const refused = await ask(client, body);
            expect(answer).toContain(`${refused.status} ${String(refused.body.code)}`);
            expectProblem(refused);
          }
        }
      },
    );

    it('arrive, of a text and of a file that were opened', async () => {
      const { client } = proxied;
      const { id } = await client.create();
      await client.reveal(id);
      expectProblem(await client.reveal(id), 410, 'secret_gone');
      const files = await sendForm(client, [{ name: 'file', filename: 'a', body: 'x' }]);
      const path = `/api/v1/files/${String(files.body.id)}`;
      const fetchFile = (claim: string): Promise<Answer> =>
        client.send('GET', path, { headers: { 'x-claim': claim } });
      const claim = newClaim();
      expect((await fetchFile(claim)).text).toBe('x');
      expectProblem(await fetchFile(newClaim()), 410, 'secret_gone');
      await client.acknowledge(String(files.body.id), claim);
      expectProblem(await fetchFile(claim), 410, 'secret_gone');
    });

    // The last: from here on this address is blocked.
    it('arrive with their Retry-After, of the rate limit', async () => {
      const { client } = proxied;
      const { id } = await client.create();
      const answers: Answer[] = [];
      for (let n = 0; n <= STATUS_LIMIT; n += 1) answers.push(await client.status(id));
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).not.toHaveLength(0);
      for (const answer of refused) {
        expectProblem(answer, 429, 'rate_limited');
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
    });
  });
}
