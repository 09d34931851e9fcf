import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openPortal, type Portal } from './kit/portal.js';
import { expectField, expectProblem } from './kit/problems.js';
import { seal } from './kit/sealed.js';
import { CHUNK, created, openStored, TusUpload } from './kit/uploads.js';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal({
    env: { FILE_MAX_BYTES: '300000', FILE_COUNT_MAX: '5', FILE_EXTENSIONS: 'bin, .TXT' },
  });
});
afterAll(() => portal.close());

const stored = (id: string) =>
  openStored(
    { db: portal.db, dataDir: portal.apps[0]?.dataDir ?? '', keys: portal.env['BURNBAG_KEYS'] ?? '' },
    id,
  );

async function uploaded(bytes: Buffer): Promise<TusUpload> {
  const upload = await TusUpload.begin(portal.client, bytes.length);
  expect((await upload.patch(0, bytes)).status).toBe(204);
  return upload;
}

describe('an upload that is not sealed', () => {
  it('keeps names, types, sizes and the note as they were given', async () => {
    const names = ['../../etc/🔥.txt', 'a\nb\u202Etxt.exe.bin', 'C:\\x\\y.TXT', `${'x'.repeat(4_092)}.txt`];
    const files = names.map((name, at) => ({ name, type: 'text/html', size: at }));
    const upload = await uploaded(randomBytes(6));
    const answer = await upload.complete({ files, note: 'read \u0000 this', ttlSeconds: 60, maxViews: 3 });
    const { id } = created(answer);
    const { manifest, facts } = await stored(id);
    expect(JSON.parse(manifest.toString())).toEqual({ note: 'read \u0000 this', files });
    expect(facts).toEqual({ count: 4, bytes: 6, payloadBytes: 6 });
    expect((await portal.client.status(id)).body).toMatchObject({
      kind: 'files',
      viewsLeft: 3,
      size: 6,
      files: { count: 4, bytes: 6 },
    });
  });

  it('names what is wrong, and stays to be completed rightly', async () => {
    const upload = await uploaded(randomBytes(10));
    const refused = async (json: unknown, field: string) => expectField(await upload.complete(json), field);
    const one = { name: 'a.bin', size: 10 };
    await refused({}, 'files');
    await refused({ files: [] }, 'files');
    await refused({ files: 'a.bin' }, 'files');
    await refused({ files: [one, 7] }, 'files[1]');
    await refused({ files: [{ name: 'a.bin' }] }, 'files[0].size');
    await refused({ files: [{ ...one, size: -1 }] }, 'files[0].size');
    await refused({ files: [{ ...one, size: 1.5 }] }, 'files[0].size');
    await refused({ files: [{ ...one, path: '/' }] }, 'files[0].path');
    await refused({ files: [{ ...one, name: null }] }, 'files[0].name');
    await refused({ files: [{ ...one, name: 'half \uD800.bin' }] }, 'files[0].name');
    await refused({ files: [{ ...one, name: `${'é'.repeat(2_047)}.bin` }] }, 'files[0].name');
    await refused({ files: [{ ...one, type: 'x'.repeat(256) }] }, 'files[0].type');
    await refused({ files: [{ ...one, size: 9 }] }, 'files');
    await refused({ files: [one], ttlSeconds: 0 }, 'ttlSeconds');
    await refused({ files: [one], maxViews: 101 }, 'maxViews');
    await refused({ files: [one], passphrase: '' }, 'passphrase');
    await refused({ files: [one], content: 'x' }, 'content');
    await refused({ files: [one], fileCount: 1 }, 'fileCount');
    await refused({ files: [one], proofHash: 'A'.repeat(43) }, 'proofHash');
    await refused({ files: [one], nonsense: 1 }, 'nonsense');
    await refused([one], 'body');
    created(await upload.complete({ files: [one] }));
  });

  it('names the limit that it is above', async () => {
    const upload = await uploaded(randomBytes(300_001));
    const tooLarge = await upload.complete({ files: [{ name: 'a.bin', size: 300_001 }] });
    expectProblem(tooLarge, 413, 'file_too_large');
    expect(tooLarge.body).toMatchObject({ field: 'files', limit: 300_000 });
    expect(tooLarge.body.detail).toContain('FILE_MAX_BYTES');

    const six = Array.from({ length: 6 }, (_, at) => ({ name: `${at}.bin`, size: 1 }));
    const tooMany = await upload.complete({ files: six });
    expectProblem(tooMany, 413, 'too_many_files');
    expect(tooMany.body).toMatchObject({ field: 'files', limit: 5 });

    for (const name of ['a.exe', 'bin', 'a.bin.', 'a.bin ', '']) {
      const refused = await upload.complete({ files: [{ name, size: 1 }] });
      expectProblem(refused, 415, 'file_extension_refused');
      expect(refused.body).toMatchObject({ field: 'files[0]', allowed: ['bin', 'txt'] });
    }
    const small = await uploaded(randomBytes(1));
    const note = await small.complete({ files: [{ name: 'a.bin', size: 1 }], note: 'x'.repeat(262_145) });
    expectProblem(note, 413, 'payload_too_large');
    expect(note.body).toMatchObject({ field: 'note', limit: 262_144 });
  });
});

describe('a sealed upload', () => {
  const PAYLOAD = 2 * CHUNK + 5;
  const proofHash = randomBytes(32).toString('base64url');

  it('becomes a secret of which the server knows the number and the size', async () => {
    const upload = await uploaded(randomBytes(PAYLOAD));
    const { content } = (await seal('{"files":[]}')).fields;
    const wishes = { sealed: true, content, proofHash, fileCount: 2, fileBytes: 2 * CHUNK - 300 };
    const { id } = created(await upload.complete(wishes));
    const { facts, manifest } = await stored(id);
    expect(facts).toEqual({ count: 2, bytes: 2 * CHUNK - 300, payloadBytes: PAYLOAD });
    expect(manifest.toString('base64')).toBe(content);
  });

  it('names what is wrong', async () => {
    const upload = await uploaded(randomBytes(PAYLOAD));
    const { content } = (await seal('{"files":[]}')).fields;
    const right = { sealed: true, content, proofHash, fileCount: 2, fileBytes: PAYLOAD - 300 };
    const refused = async (change: object, field: string) =>
      expectField(await upload.complete({ ...right, ...change }), field);
    await refused({ content: undefined }, 'content');
    await refused({ content: 'eA==' }, 'content');
    await refused({ proofHash: undefined }, 'proofHash');
    await refused({ fileCount: undefined }, 'fileCount');
    await refused({ fileCount: 0 }, 'fileCount');
    await refused({ fileBytes: undefined }, 'fileBytes');
    await refused({ fileBytes: PAYLOAD + 1 }, 'fileBytes');
    await refused({ fileBytes: 7 }, 'fileBytes');
    await refused({ note: 'in the clear' }, 'note');
    await refused({ files: [] }, 'files');
    await refused({ passphrase: 'x' }, 'passphrase');
    expectProblem(await upload.complete({ ...right, fileCount: 6 }), 413, 'too_many_files');
    expectProblem(await upload.complete({ ...right, fileBytes: 300_001 }), 413, 'file_too_large');
    created(await upload.complete(right));
  });
});
