import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer } from './kit/client.js';
import { openPortal, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';
import { formBody } from './kit/uploads.js';

/** No answer of an error is longer. */
const ERROR_MAX_BYTES = 8_192;
let portal: Portal;
beforeAll(async () => {
  portal = await openPortal({ env: { FILE_COUNT_MAX: '1000' } });
});
afterAll(() => portal.close());

const post = (path: string, text: string): Promise<Answer> => portal.client.send('POST', path, { text });
function expectSmall(answer: Answer): void {
  expectProblem(answer);
  expect(Buffer.byteLength(answer.text)).toBeLessThanOrEqual(ERROR_MAX_BYTES);
}
const unknown = (count: number, name = 'k') =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, 0])));

describe('a body of the largest size', () => {
  it.each<[string, string]>([
    ['unknown fields', unknown(120_000)],
    ['nested arrays', '['.repeat(700_000)],
    ['nested objects', '{"a":'.repeat(250_000)],
    ['elements', `{"content":[${'0,'.repeat(700_000)}0]}`],
    ['fields with escapes', `{${'"\\"":1,'.repeat(150_000)}"a":1}`],
    ['separators', ','.repeat(1_400_000)],
  ])('is refused in a moment, and in few words: %s', async (_, text) => {
    const answer = await post('/api/v1/secrets', text);
    expectField(answer, 'body');
    expectSmall(answer);
  });

  it('may hold what looks like structure, in its content', async () => {
    for (const piece of ['{"a":[1,2,', '\\"{,', ',:[]{}']) {
      const content = piece.repeat(20_000);
      const { id } = await portal.client.create({ content });
      expect((await portal.client.reveal(id)).body.content === content).toBe(true);
    }
  });

  it('may describe as many files as there may be', async () => {
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '1000' };
    const { headers: answered } = await portal.client.send('POST', '/api/v1/uploads', { headers });
    const path = String(answered.location);
    const patch = { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    await portal.client.send('PATCH', path, { text: 'x'.repeat(1_000), headers: patch });
    const files = Array.from({ length: 1_001 }, (_, at) => ({ name: `${at}`, type: 'text/plain', size: 1 }));
    const complete = (json: unknown) => portal.client.send('POST', `${path}/complete`, { json });
    expectProblem(await complete({ files }), 413, 'too_many_files');
    expectSmall(await complete({ files: Array.from({ length: 2_000 }, () => [[[[]]]]) }));
    expectField(await complete({ files: Array.from({ length: 20_000 }, () => 0) }), 'body');
    expect((await complete({ files: files.slice(1) })).status).toBe(201);
  });
});

describe('what is wrong', () => {
  it('is told of ten fields at most, whose names are cut', async () => {
    const answer = await post('/api/v1/secrets', unknown(50, '\u0001🔑'.repeat(80)));
    expectSmall(answer);
    const { errors, detail } = answer.body as { errors: { field: string }[]; detail: string };
    expect(errors).toHaveLength(10);
    for (const { field } of errors) expect(field.length).toBeLessThanOrEqual(100);
    expect(detail).toContain('more');
  });

  it('is told in few words wherever it stands', async () => {
    const name = 'x'.repeat(15_000);
    const form = { 'content-type': 'multipart/form-data; boundary=b0undary' };
    const file = { name: 'file', filename: 'a', body: 'x' };
    const many = Array.from({ length: 40 }, (_, at) => ({ name: `f${at}`, body: '' }));
    const sent = await Promise.all([
      portal.client.send('POST', '/api/v1/files', {
        text: formBody([{ name, body: '' }, file]),
        headers: form,
      }),
      portal.client.send('POST', '/api/v1/files', { text: formBody([...many, file]), headers: form }),
      portal.client.send('POST', '/api/v1/files', {
        text: formBody([{ ...file, name, filename: '' }]),
        headers: form,
      }),
      portal.client.send('GET', `/api/v1/secrets/${'x'.repeat(12_000)}`),
      portal.client.send('GET', `/api/v1/admin/audit?${'&a'.repeat(6_000)}`),
      portal.client.send('GET', `/api/v1/nothing?${'&a=%E9'.repeat(2_000)}`),
      portal.client.get('x', { 'X-Passphrase-Encoded': '%'.repeat(12_000) }),
      portal.client.send('GET', '/api/v1/auth/session', {
        headers: { cookie: '__Host-burnbag=x; '.repeat(700) },
      }),
      portal.client.send('GET', '/api/v1/policy', {
        headers: Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`x-${at}`, ''])),
      }),
      post('/api/v1/auth/local', unknown(64)),
    ]);
    for (const answer of sent) {
      if (answer.status >= 400) expectSmall(answer);
      expect(answer.status).toBeLessThan(500);
    }
  });
});
