import { once } from 'node:events';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openPortal, type Portal } from './kit/portal.js';

const ID = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';
let portal: Portal;
let routes: string[];

beforeAll(async () => {
  portal = await openPortal({
    env: { NODE_OPTIONS: `--import=${new URL('./kit/tell-routes.mjs', import.meta.url).href}` },
  });
  const told = portal.apps.map((app) => /^ROUTES (.*)$/m.exec(app.output())?.[1] ?? '[]');
  routes = told.flatMap((list) => (JSON.parse(list) as { name: string }[]).map(({ name }) => name));
});
afterAll(() => portal.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are. @returns the first answer that comes back; interim ones are left out */
async function exchange(bytes: string | Buffer): Promise<Answer> {
  const { hostname, port } = new URL(portal.client.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.write(bytes);
  await once(socket, 'close');
  const text = Buffer.concat(pieces)
    .toString('utf8')
    .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) ./.exec(line)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}

const ask = (line: string, ...more: string[]): string =>
  [line, 'Host: portal', 'Connection: close', ...more, '', ''].join('\r\n');

function expectSafe({ headers }: Answer): void {
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'cache-control': expect.any(String),
  });
  expect(headers).not.toHaveProperty('x-powered-by');
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body]).toEqual([status, expect.any(String)]);
  expectSafe(answer);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)));
  expect(JSON.parse(answer.body)).toMatchObject({
    type: `urn:burnbag:error:${code}`,
    title: expect.any(String),
    detail: expect.any(String),
    status,
    code,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
}

describe('bytes that are not a request, or not one that is served', () => {
  it.each<[string, string, number, string]>([
    ['an address that cannot be decoded', ask('GET /api/v1/secrets/%zz HTTP/1.1'), 400, 'bad_request'],
    ['an address that is not UTF-8', ask('GET /api/v1/secrets/%E0%A4%A HTTP/1.1'), 400, 'bad_request'],
    ['the same, of a page', ask('GET /s/%ff HTTP/1.1', 'Accept: text/html'), 400, 'bad_request'],
    ['the same, of a file', ask('GET /assets/%ff HTTP/1.1'), 400, 'bad_request'],
    ['a way out of a folder', ask('GET /assets/..%2f..%2fpackage.json HTTP/1.1'), 404, 'route_not_found'],
    ['a file that does not exist', ask('GET /assets/x.js HTTP/1.1'), 404, 'route_not_found'],
    ['an unknown address', ask('GET /api/v1/nothing HTTP/1.1'), 404, 'route_not_found'],
    [
      'a parameter that is too long',
      ask(`DELETE /api/v1/secrets/${'x'.repeat(5_000)} HTTP/1.1`),
      414,
      'uri_too_long',
    ],
    [
      'headers that are too large',
      ask('GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}`),
      431,
      'headers_too_large',
    ],
    ['an address that is too large', ask(`GET /${'x'.repeat(20_000)} HTTP/1.1`), 431, 'headers_too_large'],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
    ['nonsense', 'nonsense\r\n\r\n', 501, 'method_not_implemented'],
    ['a handshake of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01', 501, 'method_not_implemented'],
    ['a header without a colon', ask('GET / HTTP/1.1', 'nonsense'), 400, 'bad_request'],
    [
      'two lengths',
      ask('POST /api/v1/secrets HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2'),
      400,
      'bad_request',
    ],
    [
      'a length and chunks',
      ask('POST /api/v1/secrets HTTP/1.1', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
      400,
      'bad_request',
    ],
    [
      'a length that is not a number',
      ask('POST /api/v1/secrets HTTP/1.1', 'Content-Length: x'),
      400,
      'bad_request',
    ],
    [
      'a chunk that is none',
      `${ask('POST /api/v1/secrets HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}zz\r\n`,
      400,
      'bad_request',
    ],
    ['HTTP/1.2', ask('GET / HTTP/1.2'), 505, 'http_version_not_supported'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 'http_version_not_supported'],
    ['HTTP/3.0', ask('GET / HTTP/3.0'), 505, 'http_version_not_supported'],
    [
      'an expectation',
      ask('POST /api/v1/secrets HTTP/1.1', 'Expect: miracles', 'Content-Length: 0'),
      417,
      'expectation_failed',
    ],
    ['a tunnel', ask('CONNECT db.internal:5432 HTTP/1.1'), 501, 'method_not_implemented'],
    [
      'a method of WebDAV for nothing',
      ask('PROPFIND /api/v1/nothing HTTP/1.1'),
      501,
      'method_not_implemented',
    ],
    ['a method of WebDAV', ask('PROPFIND /api/v1/secrets HTTP/1.1'), 405, 'method_not_allowed'],
    ['an unknown method', ask('REVEAL /api/v1/secrets HTTP/1.1'), 501, 'method_not_implemented'],
    ['TRACE', ask('TRACE /api/v1/secrets HTTP/1.1'), 405, 'method_not_allowed'],
    [
      'a type that is not taken',
      ask('POST /api/v1/secrets HTTP/1.1', 'Content-Type: text/x', 'Content-Length: 1'),
      415,
      'unsupported_media_type',
    ],
    [
      'a type that is none',
      ask('POST /api/v1/secrets HTTP/1.1', 'Content-Type: ;;', 'Content-Length: 1'),
      415,
      'unsupported_media_type',
    ],
    [
      'a body that is too large',
      ask('POST /api/v1/secrets HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 9999999'),
      413,
      'payload_too_large',
    ],
    ['a request for everything', ask('OPTIONS * HTTP/1.1'), 404, 'route_not_found'],
    [
      'an address of a proxy',
      ask('GET http://other.example/api/v1/nothing HTTP/1.1'),
      404,
      'route_not_found',
    ],
  ])('%s', async (_, bytes, status, code) => expectProblem(await exchange(bytes), status, code));

  it('that come after a good request have their own answer', async () => {
    const first = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
    const { body, ...answer } = await exchange(`${first}${ask('GET /api/v1/nothing HTTP/1.1')}`);
    expect(answer.status).toBe(200);
    expect(body).toContain('route_not_found');
  });

  it('that come too slowly', async () => {
    const answer = await exchange(
      'POST /api/v1/secrets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n',
    );
    expectProblem(answer, 408, 'request_timeout');
  });
});

describe('every address', () => {
  it('tells which methods it has, and refuses the others with the headers of all answers', async () => {
    const methods = [
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'QUERY',
    ];
    const served = routes.flatMap((route) => {
      const [method = '', pattern = ''] = route.split(' ');
      if (pattern === '/*') return [];
      const expression = pattern.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replace('*', '.*');
      return [{ method, pattern, matches: new RegExp(`^${expression}$`) }];
    });
    // Patterns overlap: the one with the fewest variables counts.
    const variables = (pattern: string) => pattern.split(':').length;
    const paths = new Map(
      served.map(({ pattern }) => {
        const path = pattern.replaceAll(/:\w+/g, ID).replace('*', 'x');
        const fitting = served.filter(({ matches }) => matches.test(path));
        const fewest = Math.min(...fitting.map((each) => variables(each.pattern)));
        const closest = fitting.filter((each) => variables(each.pattern) === fewest);
        return [path, new Set(closest.map(({ method }) => method))] as const;
      }),
    );
    expect(paths.size).toBeGreaterThan(30);
    const wrong: unknown[] = [];
    for (const [path, allowed] of paths) {
      for (const method of methods.filter((each) => !allowed.has(each))) {
        const { status, headers, text } = await portal.client.send(method, path);
        const told = [...allowed].sort().join(', ');
        const isRight =
          status === 405 &&
          headers['allow'] === told &&
          headers['x-content-type-options'] === 'nosniff' &&
          headers['content-type'] === 'application/problem+json; charset=utf-8' &&
          (method === 'HEAD') === (text === '');
        if (!isRight) wrong.push([method, path, status, headers['allow'], told]);
      }
    }
    expect(wrong).toEqual([]);
  });
});
