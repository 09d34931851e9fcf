import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { UploadShares } from '../../src/files/upload/quota/redis-upload-shares.js';
import { ScriptRunner } from '../../src/redis/script/script-runner.js';
import type { Answer } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { expectProblem } from './kit/problems.js';
import { CHUNK, created, formBody, TusUpload } from './kit/uploads.js';

const SHARE = 4 * CHUNK;
const TUS = { 'tus-resumable': '1.0.0' };
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    env: { FILE_MAX_BYTES: String(3 * CHUNK), UPLOAD_SHARE_BYTES: String(SHARE), TRUST_PROXY: 'loopback' },
  });
});
afterAll(() => portal.close());

const from = (address: string) => ({ 'x-forwarded-for': address });
const announce = (address: string, length: number): Promise<Answer> =>
  portal.client.send('POST', '/api/v1/uploads', {
    headers: { ...TUS, ...from(address), 'upload-length': String(length) },
  });
async function begin(address: string, length: number): Promise<TusUpload> {
  const answer = await announce(address, length);
  expect(answer.status).toBe(201);
  return TusUpload.at(portal.client, answer.headers.location ?? '');
}
const send = (address: string, size: number): Promise<Answer> =>
  portal.client.send('POST', '/api/v1/files', {
    text: formBody([{ name: 'file', filename: 'a', body: randomBytes(size) }]),
    headers: { 'content-type': 'multipart/form-data; boundary=b0undary', ...from(address) },
  });
const shares = (): Promise<string[]> => portal.db.keys('*:share*');

function expectFull(answer: Answer, field: string): void {
  expectProblem(answer, 429, 'upload_share_full');
  expect(answer.body).toMatchObject({ field, limit: SHARE });
  expect(answer.body['detail']).toContain('UPLOAD_SHARE_BYTES');
}

describe('the share of a client', () => {
  it('is what its unfinished uploads may have announced, and others are not asked', async () => {
    const held = await begin('203.0.113.8', 3 * CHUNK);
    const second = await begin('203.0.113.8', CHUNK);
    const before = await portal.db.keys('*:u:*');
    expectFull(await announce('203.0.113.8', 1), 'Upload-Length');
    expectFull(await send('203.0.113.8', 10), 'file');
    expect((await portal.db.keys('*:u:*')).sort()).toEqual(before.sort());
    expect((await shares()).join()).not.toContain('203.0.113');
    const other = await begin('203.0.113.9', 3 * CHUNK);
    created(await send('203.0.113.9', 10));

    // Given up from another address: it is given back to the one who began it.
    expect((await second.giveUp()).status).toBe(204);
    const third = await begin('203.0.113.8', CHUNK);
    expectFull(await announce('203.0.113.8', 1), 'Upload-Length');
    expect((await third.patch(0, randomBytes(CHUNK))).status).toBe(204);
    expectFull(await announce('203.0.113.8', 1), 'Upload-Length');
    created(await third.complete({ files: [{ name: 'a', size: CHUNK }] }));
    await (await begin('203.0.113.8', CHUNK)).giveUp();
    for (const upload of [held, other]) await upload.giveUp();
    expect(await shares()).toEqual([]);
  });

  it('holds a form only while it arrives, refused ones included', async () => {
    for (let n = 0; n < 3; n += 1) created(await send('203.0.113.8', 2 * CHUNK));
    expectProblem(await send('203.0.113.8', 3 * CHUNK + 1), 413, 'file_too_large');
    expect(await shares()).toEqual([]);
  });

  it('holds what is begun at once, too', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => announce('203.0.113.8', CHUNK)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
    for (const { status, headers } of answers)
      if (status === 201) await TusUpload.at(portal.client, headers.location ?? '').giveUp();
    expect(await shares()).toEqual([]);
  });
});

describe('an entry of a share', () => {
  const refs = Array.from({ length: 3 }, () => randomBytes(16));
  const [first, second, third] = refs as [Buffer, Buffer, Buffer];
  const announced = (bytes: number) => ({ client: 'c', field: 'Upload-Length', bytes });
  const open = () =>
    new UploadShares(
      new ScriptRunner(portal.db, true, () => undefined),
      { ofClient: (client) => client },
      { uploadShareBytes: 100, quotaBytes: 1_000, maxBytes: 100 },
    );
  const ends = async (ref: Buffer): Promise<number> =>
    Number(await portal.db.zscore('bb:{03}:share:c', ref as unknown as string));

  it('ends with its time, unless it is kept, and leaves nothing', async () => {
    const all = open();
    const full = { kind: { code: 'upload_share_full' } };
    await all.take(announced(60), first, 2_000);
    await all.take(announced(40), second, 60_000);
    await expect(all.take(announced(1), third, 60_000)).rejects.toMatchObject(full);
    await until(() => all.take(announced(50), third, 60_000).then(Boolean, () => false));
    expect(await portal.db.hget('bb:{03}:share-bytes:c', 'sum')).toBe('90');
    const before = await ends(third);
    await all.keep('c', third, 90_000);
    await all.keep('c', first, 90_000);
    expect((await ends(third)) - before).toBeGreaterThan(20_000);
    expect(await ends(first)).toBe(0);
    for (const key of await shares()) expect(await portal.db.pttl(key)).toBeGreaterThan(80_000);
    await all.give('c', second);
    await all.give('c', second);
    // The same again, as after a broken connection.
    await all.take(announced(100), third, 60_000);
    await all.take(announced(100), third, 60_000);
    await expect(all.take(announced(1), second, 60_000)).rejects.toMatchObject(full);
    await all.give('c', third);
    expect(await shares()).toEqual([]);
  });

  it('counts sums beyond 32 bits to the byte', async () => {
    const huge = 2 ** 50;
    const all = new UploadShares(
      new ScriptRunner(portal.db, true, () => undefined),
      { ofClient: (client) => client },
      { uploadShareBytes: huge, quotaBytes: 1, maxBytes: huge },
    );
    await all.take(announced(huge - 1), first, 60_000);
    await all.take(announced(1), second, 60_000);
    expect(await portal.db.hget('bb:{03}:share-bytes:c', 'sum')).toBe(String(huge));
    for (const ref of [first, second]) await all.give('c', ref);
    expect(await shares()).toEqual([]);
  });
});

describe('an upload that is renewed for a long time', () => {
  it('ends at UPLOAD_LIFETIME_SECONDS, and gives its share back', async () => {
    const short = await openPortal({
      env: {
        UPLOAD_LIFETIME_SECONDS: '10',
        FILE_MAX_BYTES: String(CHUNK),
        UPLOAD_SHARE_BYTES: String(CHUNK),
      },
    });
    const upload = await TusUpload.begin(short.client, CHUNK);
    const begun = Date.now();
    const key = (await short.db.keys('*:u:*'))[0] ?? '';
    const expires = await short.db.pexpiretime(key);
    // A piece that breaks off renews it: for less than the time that is left of its life.
    const touched = await upload.patch(0, randomBytes(10));
    expect(touched.status).toBe(400);
    expect(Math.abs((await short.db.pexpiretime(key)) - expires)).toBeLessThan(1_000);
    await until(async () => (await upload.head()).status === 404);
    expect(Date.now() - begun).toBeGreaterThan(8_000);
    await until(async () => {
      const next = await short.client.send('POST', '/api/v1/uploads', {
        headers: { ...TUS, 'upload-length': String(CHUNK) },
      });
      return next.status === 201;
    });
    await short.close();
  });
});
