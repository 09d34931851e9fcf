import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newClaim, type Answer } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { openPortal, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';
import { blobFiles, created, formBody, sendForm, TusUpload } from './kit/uploads.js';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const post = (text: Buffer, type = 'application/json', path = '/api/v1/secrets'): Promise<Answer> =>
  portal.client.send('POST', path, { text, headers: { 'content-type': type } });
const contentOf = async (answer: Answer): Promise<unknown> =>
  (await portal.client.reveal(created(answer).id)).body.content;

describe('a JSON body that is not UTF-8', () => {
  it.each([
    ['content', '{"content":"p\xe9ss"}'],
    ['passphrase', '{"content":"x","passphrase":"p\xe9ss"}'],
    ['recipients', '{"content":"x","recipients":["\xe9@corp.example"]}'],
    ['body', '{"\xe9":1}'],
    ['body', '\xff\xfe{}'],
  ])('is refused by name: %s', async (field, text) => {
    expectField(await post(latin1(text)), field);
  });

  it('opens and burns nothing', async () => {
    const { id } = await portal.client.create({ content: 'kept', passphrase: 'p\ufffdss' });
    const body = latin1('{"passphrase":"p\xe9ss"}');
    expectField(await post(body, 'application/json', `/api/v1/secrets/${id}/reveal`), 'passphrase');
    const burn = { text: body, headers: { 'content-type': 'application/json' } };
    expectField(await portal.client.send('DELETE', `/api/v1/secrets/${id}`, burn), 'passphrase');
    expectField(await portal.client.get(id, { 'X-Passphrase': 'p\xe9ss' }), 'X-Passphrase');
    expectField(await portal.client.get(id, { 'X-Passphrase-Encoded': 'p%E9ss' }), 'X-Passphrase-Encoded');
    expect((await portal.client.status(id)).body).toMatchObject({ viewsLeft: 1 });
    const answer = await portal.client.reveal(id, { passphrase: 'p\ufffdss' });
    expect(answer.body).toMatchObject({ content: 'kept' });
  });
});

describe('the charset of a JSON body', () => {
  const text = '{"content":"péss €"}';
  it.each<[string, Buffer, string]>([
    ['iso-8859-1', latin1('{"content":"p\xe9ss \x80"}'), 'péss €'],
    ['windows-1252', latin1('{"content":"p\xe9ss \x80"}'), 'péss €'],
    ['"UTF-8"', Buffer.from(text), 'péss €'],
    ['utf-16le', Buffer.from(text, 'utf16le'), 'péss €'],
    ['utf-16be', bigEndian(text), 'péss €'],
    ['utf-16', bigEndian(`\ufeff${text}`), 'péss €'],
    ['us-ascii', Buffer.from('{"content":"plain"}'), 'plain'],
  ])('is honoured: %s', async (charset, body, content) => {
    expect(await contentOf(await post(body, `application/json; charset=${charset}`))).toBe(content);
  });

  it('is refused where it is unknown, or where the body is not written in it', async () => {
    for (const charset of ['shift_jis', 'utf-7', 'klingon', '']) {
      const answer = await post(Buffer.from(text), `application/json; charset=${charset}`);
      expectProblem(answer, 415, 'unsupported_media_type');
    }
    for (const charset of ['us-ascii', 'utf-16le']) {
      expectField(await post(Buffer.from(`${text} `), `application/json; charset=${charset}`), 'body');
    }
  });

  it('says nothing of what is compressed', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const answer = await portal.client.send('POST', '/api/v1/secrets', { text, headers });
    expectProblem(answer, 415, 'unsupported_media_type');
  });
});

describe('a form', () => {
  const files = () => blobFiles(portal.apps[0]?.dataDir ?? '');
  /** A part written by hand, in bytes. */
  const form = (disposition: string, body: string, type?: string): Promise<Answer> => {
    const described = type === undefined ? '' : `\r\nContent-Type: ${type}`;
    const part = `--b0undary\r\nContent-Disposition: form-data; ${disposition}${described}\r\n\r\n${body}\r\n`;
    const file = formBody([{ name: 'file', filename: 'a.txt', body: 'x' }]);
    return portal.client.send('POST', '/api/v1/files', {
      text: Buffer.concat([latin1(part), file]),
      headers: { 'content-type': 'multipart/form-data; boundary=b0undary' },
    });
  };

  it.each([
    ['note', 'name="note"', 'p\xe9ss', undefined],
    ['passphrase', 'name="passphrase"', 'p\xe9ss', undefined],
    ['passphrase', 'name="passphrase"', 'p\xe9ss', 'text/plain'],
    ['passphrase', 'name="passphrase"', 'p\xe9ss', 'text/plain; charset=utf-8'],
    ['passphrase', 'name="passphrase"', 'odd', 'text/plain; charset=utf-16le'],
    ['file.name', 'name="file"; filename="p\xe9ss.txt"', 'x', undefined],
    ['file.name', 'name="file"; filename*=utf-8\'\'p%E9ss.txt', 'x', undefined],
    ['file.type', 'name="file"; filename="a"', 'x', 'text/pl\xe9in'],
    ['Content-Disposition', 'name="p\xe9ss"', 'x', undefined],
  ])('is refused by name: %s (%s)', async (field, disposition, body, type) => {
    const before = files();
    expectField(await form(disposition, body, type), field);
    expect(files()).toEqual(before);
  });

  it('is refused with a charset that is unknown, of a part or of the whole', async () => {
    expectProblem(await form('name="note"', 'x', 'text/plain; charset=shift_jis'), 415);
    const headers = { 'content-type': 'multipart/form-data; charset=iso-8859-1; boundary=b0undary' };
    const text = formBody([{ name: 'file', filename: 'a.txt', body: 'x' }]);
    expectProblem(await portal.client.send('POST', '/api/v1/files', { text, headers }), 415);
  });

  it.each([
    ['iso-8859-1', 'p\xe9ss'],
    ['windows-1252', 'p\xe9ss'],
    ['utf-8', Buffer.from('péss').toString('latin1')],
    ['utf-16be', bigEndian('péss').toString('latin1')],
  ])('may name the charset of a field: %s', async (charset, octets) => {
    const { id } = created(await form('name="passphrase"', octets, `text/plain; charset=${charset}`));
    const answer = await portal.client.reveal(id, { passphrase: 'péss', claim: newClaim() });
    expect(answer.status).toBe(200);
  });

  it('may write the name of a file as RFC 8187 has it', async () => {
    const { id } = created(await form('name="file"; filename*=iso-8859-1\'\'p%E9ss.txt', 'x'));
    const { content } = (await portal.client.reveal(id, { claim: newClaim() })).body;
    expect(JSON.parse(String(content))).toMatchObject({ files: [{ name: 'péss.txt' }, { name: 'a.txt' }] });
  });
});

describe('a passphrase of 256 characters', () => {
  const longest = [
    '🔑'.repeat(256),
    'e\u0301'.repeat(256),
    '\u1112\u1161\u11ab'.repeat(256),
    ' ü'.repeat(128),
  ];
  const encoded = (passphrase: string) => ({ 'X-Passphrase-Encoded': encodeURIComponent(passphrase) });

  it.each(longest)('goes through every door (%#)', async (passphrase) => {
    const { id } = await portal.client.create({ content: 'a', passphrase, maxViews: 2 });
    expect((await portal.client.get(id, encoded(passphrase))).body).toMatchObject({ content: 'a' });
    expect((await portal.client.reveal(id, { passphrase })).body).toMatchObject({ content: 'a' });

    const parts = [
      { name: 'file', filename: 'a.txt', body: 'from a form' },
      { name: 'passphrase', body: passphrase },
    ];
    const form = created(await sendForm(portal.client, parts));
    const claim = newClaim();
    expect((await portal.client.reveal(form.id, { passphrase, claim })).status).toBe(200);
    // The view is spent: this must not be refused for what was taken before.
    const headers = { ...encoded(passphrase), 'X-Claim': claim };
    const { text } = await portal.client.send('GET', `/api/v1/files/${form.id}`, { headers });
    expect(text).toBe('from a form');

    const upload = await TusUpload.begin(portal.client, 1);
    await upload.patch(0, Buffer.from('x'));
    const whole = { files: [{ name: 'a', size: 1 }], passphrase };
    const { id: uploaded } = created(await upload.complete(whole));
    expect((await portal.client.burn(uploaded, { json: { passphrase } })).status).toBe(204);
  });

  it.each([...longest, 'x', '\ufe0f'.repeat(256)].map((text) => `${text}${'x'.repeat(256)}`))(
    'and more is refused at every door, before anything is opened (%#)',
    async (passphrase) => {
      expectField(await portal.client.tryCreate({ content: 'a', passphrase }), 'passphrase', 256);
      const parts = [
        { name: 'file', filename: 'a.txt', body: 'x' },
        { name: 'passphrase', body: passphrase },
      ];
      expectField(await sendForm(portal.client, parts), 'passphrase', 256);
      const { id } = await portal.client.create({ content: 'kept' });
      expectField(await portal.client.reveal(id, { passphrase }), 'passphrase', 256);
      expectField(await portal.client.burn(id, { json: { passphrase } }), 'passphrase', 256);
      expectField(await portal.client.get(id, encoded(passphrase)), 'X-Passphrase-Encoded', 256);
      const file = created(await sendForm(portal.client, parts.slice(0, 1)));
      const headers = { ...encoded(passphrase), 'X-Claim': newClaim() };
      const answer = await portal.client.send('GET', `/api/v1/files/${file.id}`, { headers });
      expectField(answer, 'X-Passphrase-Encoded', 256);
      for (const each of [id, file.id]) {
        expect((await portal.client.status(each)).body).toMatchObject({ state: 'live', viewsLeft: 1 });
      }
    },
  );

  it('is not given in two headers that could say different things', async () => {
    const { id } = await portal.client.create({ passphrase: 'a' });
    const headers = { 'X-Passphrase': 'b', 'X-Passphrase-Encoded': 'a' };
    expectField(await portal.client.get(id, headers), 'X-Passphrase-Encoded');
  });
});

it('a download is as long as it was, over one connection, repeatedly', async () => {
  const { id } = created(await sendForm(portal.client, [{ name: 'file', filename: 'a', body: 'x' }]));
  const claim = newClaim();
  for (let time = 0; time < 40; time++) {
    const { text } = await portal.client.send('GET', `/api/v1/files/${id}`, {
      headers: { 'X-Claim': claim },
    });
    expect(text).toBe('x');
  }
  expect((await fetchFiles(portal.apps[0]?.url ?? '', id, { claim })).bytes.toString()).toBe('x');
});
