import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { Decrypter } from 'age-encryption';
import { FALLBACK_POLICY } from '../../config/defaults';
import { deriveFromLinkKey } from '../../lib/seal/derive';
import { parseLinkKey } from '../../lib/seal/link-key';
import { open } from '../../lib/seal/seal';
import { answers, FakeServer } from '../../testing/fake-server';
import { FakeUploads, readBlob } from '../../testing/fake-uploads';
import { openPage } from '../../testing/open-page';

const CREATED = {
  id: '5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  url: 'https://burn.example/s/5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  ref: '00'.repeat(16),
  expiresAt: '2026-11-22T14:03:00.000Z',
  receiptToken: 'T'.repeat(60),
  receiptUrl: `https://burn.example/r#${'T'.repeat(60)}`,
};
const COMPLETE = 'POST /uploads/00000001-0000-4000-8000-000000000000/complete';
const PART = 8_388_608;

const bytesOf = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, at) => (Math.imul(at + seed, 2_654_435_761) >>> 24) & 0xff);
const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer> | string, at = 1) =>
  new File([bytes], name, { lastModified: at });
const SMALL = () => [fileOf('keys.pem', bytesOf(70_000, 1)), fileOf('b\u00e4r.txt', 'plain words')];
const BIG = () => fileOf('dump.sql', bytesOf(PART + 200_000, 3));

beforeAll(() => {
  Object.assign(Blob.prototype, {
    arrayBuffer(this: Blob) {
      return readBlob(this);
    },
  });
});
afterEach(() => sessionStorage.clear());

async function start(policy: object = {}) {
  const server = new FakeServer()
    .on('GET /policy', answers.ok({ ...FALLBACK_POLICY, ...policy }))
    .on(COMPLETE, answers.created(CREATED));
  const uploads = new FakeUploads(server);
  const { user, page } = await openPage('/', server);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(server.calls('GET /policy')).toHaveLength(1));
  return { server, uploads, user, page };
}
const drop = (files: readonly File[], types = ['Files']) =>
  fireEvent.drop(document.body, { dataTransfer: { types, files, items: [] } });
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const list = () => within(screen.getByRole('list', { name: 'Files' }));
const linkOf = async () => (await screen.findByTestId('link')).textContent ?? '';
const bodyOf = (server: FakeServer) => server.calls(COMPLETE)[0]?.body ?? {};
const keysOf = async (passphrase?: string) =>
  deriveFromLinkKey(parseLinkKey((await linkOf()).split('#')[1] ?? '') ?? new Uint8Array(), passphrase);

async function opened(bytes: Uint8Array, identity: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return Buffer.from(await decrypter.decrypt(new Uint8Array(bytes)));
}

describe('choosing files', () => {
  it('takes what is dropped anywhere, lists it, and makes the text a note', async () => {
    await start();
    drop(SMALL());
    expect(
      list()
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['keys.pem68.4 kBRemove', 'b\u00e4r.txt11 bytesRemove']);
    expect(screen.getByText('2 files, 68.4 kB')).toBeInTheDocument();
    expect(screen.getByRole('textbox', { name: /^Note/ })).toBeInTheDocument();
  });

  it('takes what is chosen, and the same file only once', async () => {
    const { user } = await start();
    const input = screen.getByTestId('file-input');
    await user.upload(input, SMALL());
    await user.upload(input, SMALL());
    expect(list().getAllByRole('listitem')).toHaveLength(2);
  });

  it('takes an image that is pasted, but leaves text that brings a picture of itself', async () => {
    await start();
    const paste = (types: string[]) => {
      const clipboardData = { types, files: [fileOf('image.png', 'x')], items: [], getData: () => '' };
      fireEvent.paste(screen.getByRole('textbox'), { clipboardData });
    };
    paste(['text/plain', 'text/html', 'Files']);
    expect(screen.queryByRole('list', { name: 'Files' })).toBeNull();
    paste(['Files']);
    expect(list().getByText('image.png')).toBeInTheDocument();
  });

  it('says that a folder has to be packed first', async () => {
    await start();
    const folder = { kind: 'file', webkitGetAsEntry: () => ({ isDirectory: true }), getAsFile: () => null };
    fireEvent.drop(document.body, { dataTransfer: { types: ['Files'], files: [], items: [folder] } });
    expect(await screen.findByRole('alert')).toHaveTextContent('Pack it into an archive');
  });

  it('shows where to let go while files are over the page', async () => {
    await start();
    fireEvent.dragOver(document.body, { dataTransfer: { types: ['Files'] } });
    expect(screen.getByText('Let go to add the files')).toBeInTheDocument();
    fireEvent.dragLeave(document.body, { relatedTarget: null });
    expect(screen.queryByText('Let go to add the files')).toBeNull();
    fireEvent.dragOver(document.body, { dataTransfer: { types: ['text/plain'] } });
    expect(screen.queryByText('Let go to add the files')).toBeNull();
  });

  it('lets a file go again, keeps the focus near, and shows no trick in a name', async () => {
    const { user } = await start();
    drop([fileOf('invoice\u202efdp.exe', 'x'), ...SMALL()]);
    expect(list().getByText('invoice\ufffdfdp.exe')).toBeInTheDocument();
    await user.click(button('Remove keys.pem'));
    expect(list().queryByText('keys.pem')).toBeNull();
    expect(button('Add more files')).toHaveFocus();
  });

  it.each([
    ['count', { fileCountMax: 1 }, /These are 2 files; at most 1/],
    ['total size', { fileMaxBytes: 70_000 }, /Together these are 68.4 kB, more than the 68.4 kB/],
    ['extensions', { fileExtensions: ['pem', 'zip'] }, /\u201cb\u00e4r.txt\u201d .* only: pem, zip/],
    ['names', { secretMaxBytes: 100 }, /names of these files are too long/],
  ])('names the limit that is broken, before anything is sent: %s', async (_name, policy, message) => {
    const { server, uploads, user } = await start(policy);
    drop(SMALL());
    expect(await screen.findByRole('alert')).toHaveTextContent(message);
    await user.click(button('Seal'));
    expect(uploads.log).toEqual([]);
    expect(server.sent.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

describe('handing files over', () => {
  it('sends one age file over all of them, the names sealed, and makes a link that opens it', async () => {
    const { server, uploads, user } = await start();
    const files = SMALL();
    drop(files);
    await user.type(screen.getByRole('textbox'), 'as agreed');
    await user.click(button('Seal'));
    const { identity, proofHash } = await keysOf();
    expect(screen.getByTestId('files')).toHaveTextContent('2 files, 68.4 kB');
    const payload = await opened(uploads.only.bytes, identity);
    expect(payload.equals(Buffer.concat([bytesOf(70_000, 1), Buffer.from('plain words')]))).toBe(true);
    const body = bodyOf(server);
    expect(body).toMatchObject({
      sealed: true,
      proofHash,
      passphraseRequired: false,
      fileCount: 2,
      fileBytes: 70_011,
      ttlSeconds: 86_400,
      maxViews: 1,
    });
    expect(JSON.parse(await open(String(body['content']), { identity }))).toEqual({
      note: 'as agreed',
      files: [
        { name: 'keys.pem', type: '', size: 70_000 },
        { name: 'b\u00e4r.txt', type: '', size: 11 },
      ],
    });
    const sent =
      JSON.stringify(server.sent) + uploads.bodies.map((part) => Buffer.from(part).toString('latin1'));
    for (const secret of ['keys.pem', 'plain words', 'as agreed']) expect(sent).not.toContain(secret);
    expect(sessionStorage).toHaveLength(0);
  });

  it('needs the passphrase to open, too', async () => {
    const { uploads, user } = await start();
    drop([fileOf('a.txt', 'behind it')]);
    await user.click(button('no passphrase'));
    await user.type(screen.getByLabelText('Passphrase'), 'open sesame');
    await user.click(button('Seal'));
    expect(await screen.findByTestId('passphrase')).toHaveTextContent('open sesame');
    const { identity } = await keysOf('open sesame');
    expect((await opened(uploads.only.bytes, identity)).toString()).toBe('behind it');
  });

  it('lets the server encrypt when that is chosen, and gives the command for a script', async () => {
    const { server, uploads, user } = await start();
    drop([fileOf('a.txt', 'for a script')]);
    await user.click(button('in this browser'));
    await user.click(screen.getByRole('radio', { name: /Encrypted on the server/ }));
    expect(screen.getByText(/This server sees the files/)).toBeInTheDocument();
    await user.click(button('Seal'));
    expect(await linkOf()).toBe(CREATED.url);
    expect(Buffer.from(uploads.only.bytes).toString()).toBe('for a script');
    expect(bodyOf(server)).toEqual({
      files: [{ name: 'a.txt', type: '', size: 12 }],
      ttlSeconds: 86_400,
      maxViews: 1,
    });
    const command = screen.getByTestId('script').textContent ?? '';
    expect(command).toMatch(
      /^curl -OJ -H "X-Claim: [\w-]{22}" https:\/\/burn\.example\/api\/v1\/files\/5e0f/,
    );
  });

  it.each([0, 1])('hands over a file of %d bytes', async (size) => {
    const { uploads, user } = await start();
    drop([fileOf('tiny', bytesOf(size, 5))]);
    await user.click(button('Seal'));
    const { identity } = await keysOf();
    expect((await opened(uploads.only.bytes, identity)).equals(bytesOf(size, 5))).toBe(true);
  });
});

describe('a connection that breaks', () => {
  it('is waited for, and nothing that arrived is sent again', async () => {
    const { uploads, user } = await start();
    uploads.trouble = (line) => {
      if (line !== `PATCH ${PART}` || uploads.bodies.length > 2) return undefined;
      return { cutAfter: 100_000 };
    };
    drop([BIG()]);
    await user.click(button('Seal'));
    expect(await screen.findByText('The server could not be reached.')).toBeInTheDocument();
    expect(screen.getByText(/Trying again in/)).toBeInTheDocument();
    await user.click(button('Try again now'));
    const { identity } = await keysOf();
    expect(uploads.log).toEqual(['POST', 'PATCH 0', `PATCH ${PART}`, 'HEAD', `PATCH ${PART + 65_536}`]);
    expect((await opened(uploads.only.bytes, identity)).equals(bytesOf(PART + 200_000, 3))).toBe(true);
  });

  it('is tried again by itself', async () => {
    const { uploads, user } = await start();
    uploads.trouble = () => (uploads.log.length === 1 ? 'broken' : undefined);
    drop(SMALL());
    await user.click(button('Seal'));
    await linkOf();
    expect(uploads.log).toEqual(['POST', 'POST', 'PATCH 0']);
  });

  it('does not cost the link when it breaks at the very end', async () => {
    const { server, user } = await start();
    server.on(COMPLETE, 'broken', answers.created(CREATED));
    drop(SMALL());
    await user.click(button('Seal'));
    await linkOf();
    expect(server.calls(COMPLETE)).toHaveLength(2);
    expect(server.calls(COMPLETE)[1]?.body).toEqual(server.calls(COMPLETE)[0]?.body);
  });
});

describe('an upload under way', () => {
  /** Holds every PATCH until it is released. */
  async function held() {
    const parts = await start();
    let release: () => void = () => undefined;
    parts.uploads.trouble = (line) =>
      line.startsWith('PATCH')
        ? new Promise((resolve) => {
            release = () => resolve(undefined);
          })
        : undefined;
    drop(SMALL());
    await parts.user.click(button('Seal'));
    await waitFor(() => expect(parts.uploads.bodies).toHaveLength(1));
    return { ...parts, release: () => release() };
  }

  it('shows how far it is', async () => {
    const { release } = await held();
    expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
    expect(screen.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('aria-valuenow', '0');
    expect(screen.getByTestId('moved')).toHaveTextContent('0 bytes of 68.4 kB');
    release();
    await linkOf();
  });

  it('has written down what a part holds before the part leaves', async () => {
    const { release } = await held();
    const kept = JSON.parse(sessionStorage.getItem('burnbag.upload') ?? '{}') as { hashes?: object };
    expect(Object.keys(kept.hashes ?? {})).toEqual(['0']);
    release();
    await linkOf();
  });

  it('can be paused and goes on with the same bytes', async () => {
    const { uploads, user, release } = await held();
    await user.click(button('Pause'));
    expect(await screen.findByText('Paused. What has arrived is kept.')).toBeInTheDocument();
    release();
    uploads.trouble = () => undefined;
    await user.click(button('Go on'));
    await linkOf();
    expect(uploads.log).toEqual(['POST', 'PATCH 0', 'HEAD', 'PATCH 0']);
    expect(uploads.bodies[1]).toEqual(uploads.bodies[0]);
  });

  it('warns who leaves, but only then', async () => {
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    const { release } = await held();
    expect(leave()).toBe(true);
    release();
    await linkOf();
    expect(leave()).toBe(false);
  });

  it('is gone from the server when it is cancelled, and the form is as it was', async () => {
    const { uploads, user, release } = await held();
    await user.click(button('Cancel'));
    await user.click(button('Yes, cancel it'));
    release();
    expect(await screen.findByRole('button', { name: 'Seal' })).toBeInTheDocument();
    expect(list().getByText('keys.pem')).toBeInTheDocument();
    expect(uploads.held.size).toBe(0);
    expect(sessionStorage).toHaveLength(0);
  });

  it.each([
    ['file_too_large', 413, { limit: 1_048_576 }, /larger than the 1 MB/],
    ['too_many_files', 413, { limit: 3 }, /more than the 3 files/],
    ['file_extension_refused', 415, { allowed: ['pdf'] }, /only files of these kinds: pdf/],
  ])('says what the server refused and keeps the form: %s', async (code, status, extras, message) => {
    const { uploads, user } = await start();
    uploads.trouble = () => ({ status, body: { status, code, ...extras } });
    drop(SMALL());
    await user.click(button('Seal'));
    expect(await screen.findByRole('alert')).toHaveTextContent(message);
    expect(list().getByText('keys.pem')).toBeInTheDocument();
  });

  it('waits for a person when the server has no room', async () => {
    const { uploads, user } = await start();
    uploads.trouble = () =>
      uploads.log.length === 1 ? { status: 507, body: { code: 'storage_full' } } : undefined;
    drop(SMALL());
    await user.click(button('Seal'));
    expect(await screen.findByRole('alert')).toHaveTextContent('no room');
    await user.click(button('Try again now'));
    await linkOf();
  });

  it('begins anew when the server has forgotten it', async () => {
    const { server, uploads, user } = await start();
    server.on(COMPLETE.replace('00000001', '00000002'), answers.created(CREATED));
    uploads.trouble = (line) => {
      if (line !== 'PATCH 0' || uploads.bodies.length > 1) return undefined;
      uploads.held.clear();
      return 'broken';
    };
    drop(SMALL());
    await user.click(button('Seal'));
    await user.click(await screen.findByRole('button', { name: 'Try again now' }));
    await linkOf();
    expect(uploads.log).toEqual(['POST', 'PATCH 0', 'HEAD', 'POST', 'PATCH 0']);
  });
});

describe('a reload', () => {
  /** Sends one part of two, then is left. */
  async function interrupted() {
    const { uploads, user, page } = await start();
    uploads.trouble = (line) => (line === `PATCH ${PART}` ? { cutAfter: 70_000 } : undefined);
    drop([BIG()]);
    await user.type(screen.getByRole('textbox'), 'a note');
    await user.click(button('Seal'));
    await screen.findByText('The server could not be reached.');
    page.unmount();
    const server = new FakeServer()
      .on('GET /policy', answers.ok(FALLBACK_POLICY))
      .on(COMPLETE, answers.created(CREATED));
    const again = new FakeUploads(server);
    for (const [id, held] of uploads.held) again.held.set(id, held);
    const next = await openPage('/', server);
    await screen.findByRole('heading', { name: 'This handover was interrupted' });
    return { server, uploads: again, user: next.user };
  }

  it('goes on where it stopped, once the same file is chosen again', async () => {
    const { server, uploads, user } = await interrupted();
    expect(screen.getByText(/^8 MB of 8.2 MB had arrived/)).toBeInTheDocument();
    await user.upload(screen.getByTestId('file-input'), BIG());
    const { identity } = await keysOf();
    expect(uploads.log).toEqual(['HEAD', `PATCH ${PART + 65_536}`]);
    expect((await opened(uploads.only.bytes, identity)).equals(bytesOf(PART + 200_000, 3))).toBe(true);
    const manifest = JSON.parse(await open(String(bodyOf(server)['content']), { identity })) as {
      note: string;
    };
    expect(manifest.note).toBe('a note');
    expect(sessionStorage).toHaveLength(0);
  });

  it('refuses a file that has changed where it was sent already, and then takes the right one', async () => {
    const { uploads, user } = await interrupted();
    const changed = bytesOf(PART + 200_000, 3);
    changed[5] = (changed[5] ?? 0) ^ 1;
    await user.upload(screen.getByTestId('file-input'), fileOf('dump.sql', changed));
    expect(await screen.findByRole('alert')).toHaveTextContent('The file has changed');
    expect(uploads.bodies).toEqual([]);
    await user.upload(screen.getByTestId('file-input'), BIG());
    await linkOf();
  });

  it('says when a file is none of them', async () => {
    const { user } = await interrupted();
    await user.upload(screen.getByTestId('file-input'), fileOf('other.sql', 'x'));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      '\u201cother.sql\u201d is none of these files',
    );
  });

  it('can be the end of it: nothing is left on the server or in the browser', async () => {
    const { uploads, user } = await interrupted();
    await user.click(button('Discard it'));
    expect(await screen.findByRole('textbox', { name: 'Secret' })).toHaveValue('');
    await waitFor(() => expect(uploads.held.size).toBe(0));
    expect(sessionStorage).toHaveLength(0);
  });
});
