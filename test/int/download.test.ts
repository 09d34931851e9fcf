import { hash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'content-disposition';
import { fromBufferPromise } from 'yauzl';

import { digest, gather } from '../support/chunk-kit.js';
import { newClaim } from './kit/client.js';
import { fetchFiles, type Fetched, type Fetching } from './kit/downloads.js';
import { storeFiles, randomFile, type StoredFiles } from './kit/stored-files.js';
import { caughtUp, recordedRows } from './kit/recorded.js';
import { keysOf, keyspace, openPortal, until, type Portal } from './kit/portal.js';

const CHUNK = 65_536;
let portal: Portal;

beforeAll(async () => (portal = await openPortal()));
afterAll(() => portal.close());

const fetch = (id: string, fetching: Fetching = {}): Promise<Fetched> =>
  fetchFiles(portal.client.url, id, fetching);

const nameIn = ({ headers }: Fetched): string | undefined =>
  parse(headers['content-disposition'] ?? '').parameters['filename'];

const safeHeaders = {
  'content-type': 'application/octet-stream',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store, no-cache, must-revalidate',
  'content-security-policy': expect.stringContaining("default-src 'none'"),
};

describe('one file', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 ** 20 + 1])(
    'of %d bytes comes back as it was',
    async (size) => {
      const file = randomFile(size);
      const { id, ref } = await storeFiles(portal, [file]);
      const got = await fetch(id, { claim: newClaim() });
      expect(got.status).toBe(200);
      expect(digest(got.bytes)).toBe(digest(file.content));
      expect(got.headers).toMatchObject({
        ...safeHeaders,
        'content-length': String(size),
        'accept-ranges': 'bytes',
        etag: `"${ref.toString('hex')}"`,
      });
      expect(got.headers['content-range']).toBeUndefined();
    },
  );

  it('is an attachment of no type, whatever it says it is', async () => {
    const { id } = await storeFiles(portal, [{ name: 'page.html', content: Buffer.from('<script>') }]);
    const got = await fetch(id, { claim: newClaim() });
    expect(got.headers['content-disposition']).toBe('attachment; filename=page.html');
    expect(got.headers).toMatchObject(safeHeaders);
  });

  it.each([
    ['Schlüssel 🔑.pem', 'Schlüssel 🔑.pem'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['C:\\keys\\id_rsa', 'id_rsa'],
    ['a\r\nSet-Cookie: x=1', 'a Set-Cookie_ x=1'],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['he said "hi".txt', 'he said _hi_.txt'],
    ['100%41.txt', '100%41.txt'],
  ])('named %j is saved as %j', async (name, saved) => {
    const { id } = await storeFiles(portal, [{ name, content: Buffer.from('x') }]);
    const got = await fetch(id, { claim: newClaim() });
    expect(got.status).toBe(200);
    expect(nameIn(got)).toBe(saved);
    expect(got.headers['set-cookie']).toBeUndefined();
  });

  it('of 255 characters keeps its name, one of 4,000 what a file system takes', async () => {
    const nameOf = async (name: string) => {
      const { id } = await storeFiles(portal, [{ name, content: Buffer.from('x') }]);
      return nameIn(await fetch(id, { claim: newClaim() }));
    };
    expect(await nameOf(`${'n'.repeat(251)}.txt`)).toBe(`${'n'.repeat(251)}.txt`);
    expect(await nameOf(`${'ü'.repeat(4_000)}.tar`)).toBe(`${'ü'.repeat(125)}.tar`);
  });
});

describe('a range', () => {
  const file = randomFile(3 * CHUNK + 100);
  const end = file.content.length;
  const claim = newClaim();
  let stored: StoredFiles;
  beforeAll(async () => (stored = await storeFiles(portal, [file])));

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-', 0, end],
    [`bytes=${CHUNK - 1}-${CHUNK}`, CHUNK - 1, CHUNK + 1],
    [`bytes=${CHUNK}-${2 * CHUNK - 1}`, CHUNK, 2 * CHUNK],
    [`bytes=${3 * CHUNK}-`, 3 * CHUNK, end],
    [`bytes=${end - 1}-`, end - 1, end],
    ['bytes=-1', end - 1, end],
    [`bytes=-${end + 500}`, 0, end],
    [`bytes=100-${end + 500}`, 100, end],
    ['bytes=0-99,100-199', 0, 200],
  ])('%s is from %d to %d', async (range, from, to) => {
    const got = await fetch(stored.id, { claim, headers: { range } });
    expect(got.status).toBe(206);
    expect(got.headers).toMatchObject({
      ...safeHeaders,
      'content-range': `bytes ${from}-${to - 1}/${end}`,
      'content-length': String(to - from),
    });
    expect(digest(got.bytes)).toBe(digest(file.content.subarray(from, to)));
  });

  it.each(['bytes=-', 'bytes=x-y', 'lines=0-1', 'bytes=0-1,100-101', ''])(
    '%j, which cannot be one range, is the whole file',
    async (range) => {
      const got = await fetch(stored.id, { claim, headers: { range } });
      expect(got.status).toBe(200);
      expect(digest(got.bytes)).toBe(digest(file.content));
    },
  );

  it.each([`bytes=${end}-`, 'bytes=-0', `bytes=${end + 10}-${end + 20}`])(
    '%s lies outside: 416, with the length, and the view is not lost',
    async (range) => {
      const got = await fetch(stored.id, { claim, headers: { range } });
      expect(got).toMatchObject({ status: 416, code: 'range_not_satisfiable' });
      expect(got.headers['content-range']).toBe(`bytes */${end}`);
      expect((await fetch(stored.id, { claim, headers: { range: 'bytes=0-0' } })).status).toBe(206);
    },
  );

  it('of another version (If-Range) is the whole file, of this one the range', async () => {
    const etag = `"${stored.blobId}"`;
    const status = async (ifRange: string) =>
      (await fetch(stored.id, { claim, headers: { range: 'bytes=5-9', 'if-range': ifRange } })).status;
    expect(await status(etag)).toBe(206);
    expect(await status(`W/${etag}`)).toBe(200);
    expect(await status('"another"')).toBe(200);
    expect(await status(new Date().toUTCString())).toBe(200);
  });

  it('of an empty file is all of it', async () => {
    const empty = await storeFiles(portal, [randomFile(0)]);
    const got = await fetch(empty.id, { claim: newClaim(), headers: { range: 'bytes=0-' } });
    expect(got).toMatchObject({ status: 200, whole: true });
    expect(got.headers['content-length']).toBe('0');
  });
});

describe('several files', () => {
  const files = [
    randomFile(CHUNK + 7, 'a.txt'),
    randomFile(0, 'empty'),
    randomFile(100, 'dir/A.TXT'),
    randomFile(2 * CHUNK, '🔑 ../../x\n.bin'),
    randomFile(1, ''),
  ];
  const NAMES = ['a.txt', 'empty', 'A (2).TXT', 'x.bin', 'file'];
  const claim = newClaim();
  let stored: StoredFiles;
  beforeAll(async () => (stored = await storeFiles(portal, files)));

  it('come one by one, each with its name, its length and its ranges', async () => {
    for (const [index, { content }] of files.entries()) {
      const got = await fetch(stored.id, { claim, index });
      expect(got).toMatchObject({ status: 200, headers: { 'content-length': String(content.length) } });
      expect(got.headers['etag']).toBe(`"${stored.blobId}-${index}"`);
      expect(digest(got.bytes)).toBe(digest(content));
      if (content.length < 2) continue;
      const part = await fetch(stored.id, { claim, index, headers: { range: 'bytes=1-' } });
      expect(part.status).toBe(206);
      expect(digest(part.bytes)).toBe(digest(content.subarray(1)));
    }
  });

  it('come as a zip that is made on the way, the same each time, of a length known before', async () => {
    const got = await fetch(stored.id, { claim, headers: { range: 'bytes=10-20' } });
    expect(got.status).toBe(200);
    expect(got.headers).toMatchObject({ ...safeHeaders, 'accept-ranges': 'none' });
    expect(got.headers['content-length']).toBe(String(got.bytes.length));
    expect(nameIn(got)).toBe(`burnbag-${stored.blobId.slice(0, 8)}.zip`);
    const zip = await fromBufferPromise(got.bytes, { strictFileNames: true });
    const found: [string, string][] = [];
    for await (const entry of zip.eachEntry()) {
      found.push([entry.fileName, digest(await gather(await zip.openReadStreamPromise(entry)))]);
    }
    expect(found).toEqual(files.map(({ content }, at) => [NAMES[at], digest(content)]));
    expect(digest((await fetch(stored.id, { claim })).bytes)).toBe(digest(got.bytes));
  });

  it.each(['5', '-1', '1.5', '01', 'a', '99999999999', '%00'])('have no position %s: 400', async (index) => {
    const got = await fetch(stored.id, { claim, index });
    expect(got).toMatchObject({ status: 400, code: 'validation_failed' });
  });
});

describe('sealed files', () => {
  it('come as the payload that the browser made, to a client with the proof', async () => {
    const proof = randomBytes(32);
    const sealed = { payload: randomBytes(CHUNK + 50), proofHash: hash('sha256', proof, 'buffer') };
    const { id, blobId } = await storeFiles(portal, [randomFile(10), randomFile(20)], { sealed });
    const claim = newClaim();
    const headers = { 'x-proof': proof.toString('base64url') };
    expect(await fetch(id, { claim })).toMatchObject({ status: 403, code: 'proof_wrong' });
    const other = { 'x-proof': randomBytes(32).toString('base64url') };
    expect(await fetch(id, { claim, headers: other })).toMatchObject({ status: 403, code: 'proof_wrong' });
    expect(await fetch(id, { claim, index: 0, headers })).toMatchObject({ status: 400 });
    const got = await fetch(id, { claim, headers });
    expect(digest(got.bytes)).toBe(digest(sealed.payload));
    expect(nameIn(got)).toBe(`burnbag-${blobId.slice(0, 8)}.age`);
    const rest = await fetch(id, { claim, headers: { ...headers, range: 'bytes=70-' } });
    expect(digest(rest.bytes)).toBe(digest(sealed.payload.subarray(70)));
  });
});

describe('before anything is opened', () => {
  it('a claim is needed, and no page load opens: nothing is spent', async () => {
    const { id } = await storeFiles(portal, [randomFile(10)]);
    const before = await keyspace(portal.db);
    expect(await fetch(id)).toMatchObject({ status: 400, code: 'claim_required' });
    const loaded = { 'sec-fetch-dest': 'document' };
    expect(await fetch(id, { claim: newClaim(), headers: loaded })).toMatchObject({ status: 403 });
    for (const bad of ['', 'short', `${newClaim()}A`, '!'.repeat(22)]) {
      expect(await fetch(id, { claim: bad })).toMatchObject({ status: 400, code: 'validation_failed' });
    }
    const emptyProof = { claim: newClaim(), headers: { 'x-proof': '' } };
    expect(await fetch(id, emptyProof)).toMatchObject({ status: 400, code: 'validation_failed' });
    // Also where nothing could be opened: a request is checked before the state of its secret.
    expect(await fetch(randomUUID())).toMatchObject({ status: 400, code: 'claim_required' });
    const { record } = keysOf(id);
    expect((await keyspace(portal.db))[record]).toEqual(before[record]);
    expect(await fetch(id, { claim: newClaim() })).toMatchObject({ status: 200 });
  });

  it('HEAD looks and touches nothing: no name, and the length only where no opening is needed', async () => {
    const one = await storeFiles(portal, [randomFile(1_234, 'secret-name.txt')]);
    const two = await storeFiles(portal, [randomFile(1), randomFile(2)]);
    const before = await keyspace(portal.db);
    const heads = [
      await fetch(one.id, { method: 'HEAD' }),
      await fetch(one.id, { method: 'HEAD', index: 0 }),
      await fetch(two.id, { method: 'HEAD' }),
      await fetch(two.id, { method: 'HEAD', index: 1 }),
    ];
    for (const head of heads) {
      expect(head).toMatchObject({
        status: 200,
        headers: { ...safeHeaders, 'content-disposition': 'attachment' },
      });
    }
    expect(heads.map(({ headers }) => headers['content-length'])).toEqual([
      '1234',
      '1234',
      undefined,
      undefined,
    ]);
    expect(heads.map(({ headers }) => headers['accept-ranges'])).toEqual(['bytes', 'bytes', 'none', 'bytes']);
    expect((await fetch(two.id, { method: 'HEAD', index: 2 })).status).toBe(400);
    const records = [one, two].map(({ id }) => keysOf(id).record);
    const after = await keyspace(portal.db);
    for (const record of records) expect(after[record]).toEqual(before[record]);
  });

  it('a text secret is not found as files, nor is an unknown one', async () => {
    const { id } = await portal.client.create();
    for (const method of ['GET', 'HEAD'] as const) {
      expect(await fetch(id, { method, claim: newClaim() })).toMatchObject({ status: 404 });
    }
    expect((await portal.client.reveal(id)).status).toBe(200);
    expect(await fetch(randomUUID(), { claim: newClaim() })).toMatchObject({
      status: 404,
      code: 'secret_not_found',
    });
  });

  it('the passphrase is asked with each request', async () => {
    const file = randomFile(100);
    const { id } = await storeFiles(portal, [file], { passphrase: 'grüße' });
    const claim = newClaim();
    const passphrase = (text: string) => ({ 'x-passphrase': Buffer.from(text, 'utf8').toString('latin1') });
    expect(await fetch(id, { claim })).toMatchObject({ status: 401, code: 'passphrase_required' });
    expect(await fetch(id, { claim, headers: passphrase('no') })).toMatchObject({ status: 403 });
    const got = await fetch(id, { claim, headers: passphrase('grüße') });
    expect(digest(got.bytes)).toBe(digest(file.content));
    expect(await fetch(id, { claim, headers: { range: 'bytes=1-' } })).toMatchObject({ status: 401 });
    const encoded = { 'x-passphrase-encoded': encodeURIComponent('grüße') };
    expect(await fetch(id, { claim, headers: encoded })).toMatchObject({ status: 200 });
    const part = { ...passphrase('grüße'), range: 'bytes=1-' };
    expect(digest((await fetch(id, { claim, headers: part })).bytes)).toBe(digest(file.content.subarray(1)));
  });
});

describe('the view', () => {
  it('is of the first claim: another gets 410, and resuming writes no second event', async () => {
    const { id, blobId } = await storeFiles(portal, [randomFile(1_000)]);
    const claim = newClaim();
    expect((await fetch(id, { claim, headers: { range: 'bytes=0-9' } })).status).toBe(206);
    expect((await fetch(id, { claim, headers: { range: 'bytes=10-' } })).status).toBe(206);
    expect(await fetch(id, { claim: newClaim() })).toMatchObject({ status: 410, code: 'secret_gone' });
    expect((await portal.client.reveal(id, { claim: newClaim() })).status).toBe(410);
    await caughtUp(portal);
    const rows = (await recordedRows(portal)).filter(({ ref }) => ref === blobId);
    expect(rows.map(({ action }) => action)).toEqual(['created', 'viewed']);
  });

  it('taken by a reveal is downloaded under the same claim; after the acknowledgement all is gone', async () => {
    const file = randomFile(CHUNK * 2);
    const { id, blobPath } = await storeFiles(portal, [file]);
    const claim = newClaim();
    expect((await portal.client.reveal(id, { claim })).status).toBe(200);
    expect(digest((await fetch(id, { claim })).bytes)).toBe(digest(file.content));
    expect((await portal.client.acknowledge(id, claim)).status).toBe(204);
    expect(await fetch(id, { claim })).toMatchObject({ status: 410, code: 'secret_gone' });
    await until(() => !existsSync(blobPath));
  });
});

it('says neither names nor links in its log', async () => {
  const name = 'very-secret-name.txt';
  const { id } = await storeFiles(portal, [{ name, content: randomBytes(5_000_000) }]);
  const claim = newClaim();
  await fetch(id, { claim, cutAfter: 100_000 });
  await fetch(id, { claim, headers: { range: 'bytes=1-' } });
  const output = () => portal.apps[0]?.output() ?? '';
  // Lines are written in order: with this one, all are there.
  await portal.client.receipt('marker');
  await until(() => output().includes('/api/v1/receipts/'));
  for (const secret of [name, id, claim]) expect(output()).not.toContain(secret);
});
