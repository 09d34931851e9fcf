import { randomBytes } from 'node:crypto';
import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer } from './kit/client.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { expectProblem } from './kit/problems.js';
import {
  blobFiles,
  CHUNK,
  created,
  formBody,
  sendForm,
  tryBegin,
  TusUpload,
  type FormPart,
} from './kit/uploads.js';

const MAX = 4 * CHUNK;
const QUOTA = 600_000;
let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    env: { FILE_MAX_BYTES: String(MAX), FILE_QUOTA_BYTES: String(QUOTA), FILE_EXTENSIONS: 'sql' },
  });
});
afterAll(() => portal.close());

const blobs = () => blobFiles(portal.apps[0]?.dataDir ?? '');
const file = (size: number, filename = 'a.sql'): FormPart => ({
  name: 'dump',
  filename,
  body: randomBytes(size),
});

/** A form of unknown length, as `curl -T -` sends it. */
function sendChunked(body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b0undary' };
    const url = `${portal.client.url}/api/v1/files`;
    const request = http.request(url, { method: 'POST', agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data: string) => (text += data));
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text, body: JSON.parse(text) as Record<string, unknown> });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function expectRefused(
  answer: Promise<Answer>,
  status: number,
  code: string,
  more: object = {},
): Promise<void> {
  const before = blobs();
  const given = await answer;
  expectProblem(given, status, code);
  expect(given.body).toMatchObject(more);
  expect(blobs()).toEqual(before);
  expect(await portal.db.keys('*:u:*')).toEqual([]);
}

describe('a form', () => {
  it('of FILE_MAX_BYTES is taken, and not a byte more', async () => {
    const { id } = created(await sendForm(portal.client, [file(MAX - 1), file(1)]));
    const limit = { field: 'dump', limit: MAX, detail: expect.stringContaining('FILE_MAX_BYTES') };
    await expectRefused(sendForm(portal.client, [file(MAX - 1), file(2)]), 413, 'file_too_large', limit);
    await expectRefused(sendChunked(formBody([file(MAX + 1)])), 413, 'file_too_large', limit);
    await portal.client.burn(id);
  });

  it('far above it is refused before it is read', () =>
    expectRefused(sendForm(portal.client, [file(40 * 2 ** 20)]), 413, 'file_too_large', { limit: MAX }));

  it('with another extension is refused, whatever else it brings', async () => {
    for (const name of ['a.exe', 'sql', 'a.sql.sh', '']) {
      const more = name === '' ? {} : { field: 'dump', allowed: ['sql'] };
      const code = name === '' ? 'validation_failed' : 'file_extension_refused';
      await expectRefused(
        sendForm(portal.client, [file(9), file(9, name)]),
        name === '' ? 400 : 415,
        code,
        more,
      );
    }
    const { id } = created(await sendForm(portal.client, [file(9, 'A.SQL')]));
    await portal.client.burn(id);
  });
});

describe('FILE_QUOTA_BYTES', () => {
  it('is never exceeded, by forms or uploads, one after the other or at once', async () => {
    await until(() => blobs().length === 0);
    const { id, receiptToken } = created(await sendForm(portal.client, [file(MAX)]));
    created(await sendForm(portal.client, [file(MAX)]));
    const full = { detail: expect.stringContaining('FILE_QUOTA_BYTES') };
    await expectRefused(sendForm(portal.client, [file(MAX)]), 507, 'storage_full', full);
    await expectRefused(tryBegin(portal.client, MAX), 507, 'storage_full', full);

    const small = 40_000;
    const begun = await Promise.all(Array.from({ length: 5 }, () => TusUpload.begin(portal.client, small)));
    const answers = await Promise.all(begun.map((upload) => upload.patch(0, randomBytes(small))));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(204);
    expect(statuses).toContain(507);
    for (const [at, upload] of begun.entries()) {
      const { status } = await upload.head();
      expect(status).toBe(answers[at]?.status === 204 ? 200 : 404);
      await upload.giveUp();
    }

    await portal.client.burn(id, { headers: { 'x-receipt-token': receiptToken } });
    await until(() => blobs().length === 1);
    created(await sendForm(portal.client, [file(small)]));
  });
});
