import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { digest } from '../support/chunk-kit.js';
import { newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { openPortal, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';
import { blobFiles, CHUNK, created, formBody, openStored, sendForm, type FormPart } from './kit/uploads.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({ env: { FILE_COUNT_MAX: '100' } });
});
afterAll(() => portal.close());

const dataDir = () => portal.apps[0]?.dataDir ?? '';
const stored = (id: string) =>
  openStored({ db: portal.db, dataDir: dataDir(), keys: portal.env['BURNBAG_KEYS'] ?? '' }, id);
const file = (body: Buffer | string, filename = 'a.bin', name = 'file'): FormPart => ({
  name,
  filename,
  body,
});
const field = (name: string, body: string): FormPart => ({ name, body });
const send = (...parts: FormPart[]) => sendForm(portal.client, parts);
const sendRaw = (text: Buffer | string, type = 'multipart/form-data; boundary=b0undary') =>
  portal.client.send('POST', '/api/v1/files', { text, headers: { 'content-type': type } });

interface Manifest {
  readonly note?: string;
  readonly files: readonly { name: string; type: string; size: number }[];
}
const manifestOf = async (id: string): Promise<Manifest> =>
  JSON.parse((await stored(id)).manifest.toString()) as Manifest;

describe('a form', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 ** 20 + 1])(
    'brings a file of %i bytes as it is',
    async (size) => {
      const bytes = randomBytes(size);
      const { id } = created(await send({ ...file(bytes), type: 'application/sql' }));
      const { payload, facts, manifest } = await stored(id);
      expect(digest(payload)).toBe(digest(bytes));
      expect(facts).toEqual({ count: 1, bytes: size, payloadBytes: size });
      expect(JSON.parse(manifest.toString())).toEqual({
        files: [{ name: 'a.bin', type: 'application/sql', size }],
      });
    },
  );

  it('takes a zip bomb for the file that it is: it is never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    const { id } = created(
      await send({ ...file(bomb, 'bomb.zip'), type: 'application/zip' }, file('x', 'b.txt')),
    );
    expect((await stored(id)).facts).toEqual({
      count: 2,
      bytes: bomb.length + 1,
      payloadBytes: bomb.length + 1,
    });
    const claim = newClaim();
    const url = portal.apps[0]?.url ?? '';
    const alone = await fetchFiles(url, id, { claim, index: 0 });
    expect(digest(alone.bytes)).toBe(digest(bomb));
    expect(alone.headers['content-encoding']).toBeUndefined();
    const both = await fetchFiles(url, id, { claim });
    expect(both.bytes.length).toBeLessThan(bomb.length + 1_000);
    expect(both.bytes.includes(bomb)).toBe(true);
  });

  it('brings several files under any name, and fields before, between and behind them', async () => {
    const sizes = [CHUNK + 1, 0, 3, 200_000];
    const bodies = sizes.map((size) => randomBytes(size));
    const [first, second, third, fourth] = bodies.map((body, at) => file(body, `${at}.bin`, `any-${at}`));
    if (!first || !second || !third || !fourth) throw new Error('four files');
    const { id } = created(
      await send(
        field('maxViews', '7'),
        first,
        second,
        field('note', 'müsli 🔥\r\n--b0undar'),
        third,
        fourth,
        field('ttlSeconds', '3601'),
      ),
    );
    const { payload, facts } = await stored(id);
    expect(digest(payload)).toBe(digest(Buffer.concat(bodies)));
    expect(facts).toEqual({ count: 4, bytes: payload.length, payloadBytes: payload.length });
    const manifest = await manifestOf(id);
    expect(manifest.note).toBe('müsli 🔥\r\n--b0undar');
    expect(manifest.files.map(({ name, size }) => [name, size])).toEqual(
      sizes.map((s, at) => [`${at}.bin`, s]),
    );
    const { body } = await portal.client.status(id);
    expect(body).toMatchObject({ viewsLeft: 7, kind: 'files', passphraseRequired: false });
    expect(Date.parse(String(body.expiresAt)) - Date.now()).toBeLessThan(3_601_000);
  });

  it('keeps the names that it was given', async () => {
    const names = [
      '../../etc/passwd',
      'C:\\temp\\🔥.sql',
      '\u202Egpj.exe',
      'x'.repeat(255),
      'y'.repeat(4_000),
      '.',
      ' ',
    ];
    const { id } = created(await send(...names.map((name) => file('x', name))));
    expect((await manifestOf(id)).files.map(({ name }) => name)).toEqual(names);
  });

  it('is guarded by a passphrase', async () => {
    const { id } = created(await send(file('x'), field('passphrase', 'on the phone')));
    expect((await portal.client.status(id)).body).toMatchObject({ passphraseRequired: true });
  });

  it('with a hundred files is taken, with one more it is not', async () => {
    const files = Array.from({ length: 101 }, (_, at) => file(`${at}`, `${at}.txt`));
    const before = blobFiles(dataDir());
    const answer = await send(...files);
    expectProblem(answer, 413, 'too_many_files');
    expect(answer.body).toMatchObject({ field: 'file', limit: 100 });
    expect(blobFiles(dataDir())).toEqual(before);
    const { id } = created(await send(...files.slice(1)));
    expect((await stored(id)).payload.toString()).toBe(
      files
        .slice(1)
        .map(({ body }) => body)
        .join(''),
    );
  });

  it('is read whatever pieces it comes in', async () => {
    const bytes = Buffer.from(
      '\r\n--b0undar\r\n--b0undary'.repeat(5_000).replaceAll('\r\n--b0undary', '\r\n-b0undary'),
    );
    const { id } = created(await send(file(bytes)));
    expect(digest((await stored(id)).payload)).toBe(digest(bytes));
  });

  it('may have a part for a file that was not chosen', async () => {
    const { id } = created(await send(file('', ''), file('x', 'b.txt')));
    expect((await manifestOf(id)).files.map(({ name }) => name)).toEqual(['b.txt']);
  });
});

describe('anything else', () => {
  const nothingLeft = async (work: () => Promise<unknown>): Promise<void> => {
    const before = blobFiles(dataDir());
    const secrets = (await portal.db.keys('*:s:*')).sort();
    await work();
    expect(blobFiles(dataDir())).toEqual(before);
    expect(await portal.db.keys('*:u:*')).toEqual([]);
    expect((await portal.db.keys('*:s:*')).sort()).toEqual(secrets);
  };

  it.each<[string, FormPart[], string]>([
    ['no part at all', [], 'file'],
    ['fields only', [field('note', 'x')], 'file'],
    ['a file that was not chosen', [file('', '')], 'file'],
    ['a file without a name', [file('x', '')], 'file'],
    ['a file that is a field', [field('file', 'x')], 'file'],
    ['an unknown field', [file('x'), field('secret', 'x')], 'secret'],
    ['a field of objects', [file('x'), field('__proto__', 'x')], '__proto__'],
    ['a field twice', [field('note', 'a'), file('x'), field('note', 'b')], 'note'],
    ['words for a number', [file('x'), field('ttlSeconds', 'one day')], 'ttlSeconds'],
    ['a life of nothing', [file('x'), field('ttlSeconds', '0')], 'ttlSeconds'],
    ['a life without end', [file('x'), field('ttlSeconds', '99999999')], 'ttlSeconds'],
    ['too many views', [file('x'), field('maxViews', '101')], 'maxViews'],
    ['an empty passphrase', [file('x'), field('passphrase', '')], 'passphrase'],
    ['a name that is too long', [file('x', 'é'.repeat(2_049))], 'file.name'],
    ['a name of 20,000 characters', [file('x', 'n'.repeat(20_000))], 'file.name'],
  ])('%s: the field is named, nothing is left', (_, parts, name) =>
    nothingLeft(async () => {
      const answer = await send(...parts);
      expectField(answer, name);
    }),
  );

  it.each<[string, Buffer | string]>([
    ['nothing', ''],
    ['nonsense', 'x'.repeat(1_000)],
    ['another boundary', formBody([file('x')], 'other')],
    ['no end', formBody([file(randomBytes(200_000))]).subarray(0, 150_000)],
    ['no end of a header', '--b0undary\r\nContent-Disposition: form-data; name="file"'],
    ['a file without a disposition', '--b0undary\r\nContent-Type: text/plain\r\n\r\nx\r\n--b0undary--\r\n'],
    [
      'a file whose name is two lines, beside another one',
      Buffer.concat([
        formBody([file('x')]).subarray(0, -14),
        Buffer.from(
          '--b0undary\r\nContent-Disposition: form-data; name="file"; filename="a\nb"\r\n\r\ny\r\n--b0undary--\r\n',
        ),
      ]),
    ],
    ['an endless preamble', `${'p'.repeat(2 ** 22)}`],
    ['an endless header', `--b0undary\r\n${'X-A: b\r\n'.repeat(400_000)}`],
    ['an endless field', formBody([field('note', 'x'.repeat(2 ** 22)), file('x')])],
    [
      'a thousand fields',
      formBody([file('x'), ...Array.from({ length: 1_000 }, (_, at) => field(`f${at}`, ''))]),
    ],
  ])('%s: a plain refusal, nothing is left', (_, body) =>
    nothingLeft(async () => {
      const answer = await sendRaw(body);
      expectProblem(answer);
      expect([400, 413]).toContain(answer.status);
    }),
  );

  it.each([
    ['multipart/form-data', 400],
    ['multipart/form-data; boundary=', 400],
    ['multipart/mixed; boundary=b0undary', 415],
    ['application/json', 415],
    ['application/x-www-form-urlencoded', 415],
    ['text/plain', 415],
    ['application/octet-stream', 415],
  ])('a content type of %s', (type, status) =>
    nothingLeft(async () => {
      const answer = await sendRaw(type === 'application/json' ? '{}' : formBody([file('x')]), type);
      expectProblem(answer, status);
    }),
  );

  it('a request without any type or body', () =>
    nothingLeft(async () => {
      expectProblem(await portal.client.send('POST', '/api/v1/files'), 415, 'unsupported_media_type');
    }));

  it('a form for another address', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b0undary' };
    const answer = await portal.client.send('POST', '/api/v1/secrets', {
      text: formBody([file('x')]),
      headers,
    });
    expectProblem(answer, 415, 'unsupported_media_type');
  });
});
