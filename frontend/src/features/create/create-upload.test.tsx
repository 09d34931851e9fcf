import { DEFAULT_POLICY } from '@burnbag/contract';
import { describe, expect, it, jest } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { SEGMENT_BYTES } from '../../lib/files/checked-blob';
import { open } from '../../lib/seal/seal';
import {
  CREATED,
  COMPLETE,
  PART,
  bytesOf,
  fileOf,
  SMALL,
  BIG,
  drop,
  button,
  list,
  linkOf,
  bodyOf,
  keysOf,
  start,
  opened,
} from '../../testing/create-files';
import { answers, FakeServer } from '../../testing/fake-server';
import { FakeUploads, readBlob } from '../../testing/fake-uploads';
import { openPage } from '../../testing/open-page';

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

  it('is retried automatically', async () => {
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

  it('shows its progress', async () => {
    const { release } = await held();
    expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
    expect(screen.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('aria-valuenow', '0');
    expect(screen.getByTestId('moved')).toHaveTextContent('0 bytes of 68.4 kB');
    release();
    await linkOf();
  });

  it('has stored the hash of a part before the part is sent', async () => {
    const { release } = await held();
    const kept = JSON.parse(sessionStorage.getItem('burnbag.upload') ?? '{}') as { hashes?: object };
    expect(Object.keys(kept.hashes ?? {})).toEqual(['0']);
    release();
    await linkOf();
  });

  it('can be paused and continues with the same bytes', async () => {
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

  it('warns before leaving, until the link is copied', async () => {
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    const { release, user } = await held();
    expect(leave()).toBe(true);
    release();
    await linkOf();
    expect(leave()).toBe(true);
    await user.click(button('Copy link'));
    await waitFor(() => expect(leave()).toBe(false));
  });

  it('is deleted on the server when it is cancelled, and the form is as it was', async () => {
    const { uploads, user, release } = await held();
    await user.click(button('Cancel'));
    await user.click(button('Yes, cancel it'));
    release();
    expect(await screen.findByRole('button', { name: 'Seal' })).toBeInTheDocument();
    expect(list().getByText('keys.pem')).toBeInTheDocument();
    expect(uploads.held.size).toBe(0);
    expect(sessionStorage).toHaveLength(0);
  });

  it('leaves nothing in the browser when a part is still being read as it is cancelled', async () => {
    const { uploads, user } = await start();
    let cancelled: () => void = () => undefined;
    const afterwards = new Promise<void>((resolve) => (cancelled = resolve));
    // What is in the second segment of the file is read ahead while the third piece is on its way.
    const reading = jest.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(function (this: Blob) {
      return this.size === 200_000 ? afterwards.then(() => readBlob(this)) : readBlob(this);
    });
    uploads.trouble = (line) => (line === `PATCH ${3 * PART}` ? new Promise(() => undefined) : undefined);
    drop([fileOf('dump.sql', bytesOf(SEGMENT_BYTES + 200_000, 3))]);
    await user.click(button('Seal'));
    await waitFor(() => expect(uploads.bodies).toHaveLength(3));
    await user.click(button('Cancel'));
    await user.click(button('Yes, cancel it'));
    await screen.findByRole('button', { name: 'Seal' });
    cancelled();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sessionStorage).toHaveLength(0);
    reading.mockRestore();
  });

  it.each([
    ['file_too_large', 413, { limit: 1_048_576 }, /larger than the 1 MB/],
    ['too_many_files', 413, { limit: 3 }, /more than the 3 files/],
    ['file_extension_refused', 415, { allowed: ['pdf'] }, /only files of these kinds: pdf/],
  ])('shows the refusal of the server and keeps the form: %s', async (code, status, extras, message) => {
    const { uploads, user } = await start();
    uploads.trouble = () => answers.problem(status, code, extras);
    drop(SMALL());
    await user.click(button('Seal'));
    expect(await screen.findByRole('alert')).toHaveTextContent(message);
    expect(list().getByText('keys.pem')).toBeInTheDocument();
  });

  it.each([
    [507, 'storage_full', {}, /no room/],
    [429, 'upload_share_full', { limit: 1_048_576 }, /gives to one sender \(1 MB\). Finish or cancel/],
    [429, 'upload_share_full', {}, /gives to one sender. Finish or cancel/],
    [429, 'too_many_uploads', { retryAfterSeconds: 60 }, /goes on when another has ended/],
    [408, 'upload_too_slow', {}, /arrived too slowly/],
  ])('shows why it has stopped, and continues on demand: %d %s', async (status, code, more, message) => {
    const { uploads, user } = await start();
    uploads.trouble = () => (uploads.log.length === 1 ? answers.problem(status, code, more) : undefined);
    drop(SMALL());
    await user.click(button('Seal'));
    expect(await screen.findByText(message)).toBeVisible();
    await user.click(button('Try again now'));
    await linkOf();
  });

  it('starts over when the server has lost it', async () => {
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

describe('a proxy in front of the portal', () => {
  /** Refuses every request with a larger body than this, as nginx does. */
  const limited = (uploads: FakeUploads, most: number) => {
    uploads.trouble = (line) =>
      line.startsWith('PATCH') && (uploads.bodies.at(-1)?.length ?? 0) > most
        ? answers.proxy(413)
        : undefined;
  };
  const sizes = (uploads: FakeUploads) => uploads.bodies.map(({ length }) => length / PART);
  const LARGE = 5 * PART + 1_000;

  it('never refuses pieces that grow while they arrive', async () => {
    const { uploads, user } = await start();
    drop([fileOf('dump.sql', bytesOf(LARGE, 3))]);
    await user.click(button('Seal'));
    const { identity } = await keysOf();
    expect(sizes(uploads).slice(0, 2)).toEqual([1, 2]);
    expect((await opened(uploads.only.bytes, identity)).equals(bytesOf(LARGE, 3))).toBe(true);
  });

  it('with a limit of 1 MiB is kept to from the first refusal on', async () => {
    const { uploads, user } = await start();
    limited(uploads, 2 * PART);
    drop([fileOf('dump.sql', bytesOf(2 * LARGE, 3))]);
    await user.click(button('Seal'));
    const { identity } = await keysOf();
    expect(sizes(uploads).slice(0, 6)).toEqual([1, 2, 4, 2, 2, 2]);
    expect(uploads.log.slice(0, 6)).toEqual([
      'POST',
      'PATCH 0',
      `PATCH ${PART}`,
      `PATCH ${3 * PART}`,
      'HEAD',
      `PATCH ${3 * PART}`,
    ]);
    expect((await opened(uploads.only.bytes, identity)).equals(bytesOf(2 * LARGE, 3))).toBe(true);
  });

  it('that refuses the smallest piece is reported with its setting, and nothing is lost', async () => {
    const { uploads, user } = await start();
    limited(uploads, 1_000);
    drop(SMALL());
    await user.click(button('Seal'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(/^A proxy in front of this server refused this for its size \(413\)/);
    expect(alert).toHaveTextContent('client_max_body_size');
    expect(uploads.held.size).toBe(1);
    limited(uploads, Infinity);
    await user.click(button('Try again now'));
    await linkOf();
  });

  it('without an answer of the server is waited for', async () => {
    const { uploads, user } = await start();
    uploads.trouble = () => (uploads.log.length < 3 ? answers.proxy(502) : undefined);
    drop(SMALL());
    await user.click(button('Seal'));
    expect(await screen.findByText(/^A proxy in front of this server answered 502/)).toBeInTheDocument();
    await linkOf();
  });

  it('that refuses the last step keeps everything that has arrived', async () => {
    const { server, uploads, user } = await start();
    server.on(COMPLETE, answers.proxy(403), answers.created(CREATED));
    drop(SMALL());
    await user.click(button('Seal'));
    expect(await screen.findByRole('alert')).toHaveTextContent('answered 403');
    expect(uploads.held.size).toBe(1);
    await user.click(button('Try again now'));
    await linkOf();
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
      .on('GET /policy', answers.ok(DEFAULT_POLICY))
      .on(COMPLETE, answers.created(CREATED));
    const again = new FakeUploads(server);
    for (const [id, held] of uploads.held) again.held.set(id, held);
    const next = await openPage('/', server);
    await screen.findByRole('heading', { name: 'This handover was interrupted' });
    return { server, uploads: again, user: next.user };
  }

  it('continues where it stopped, once the same file is chosen again', async () => {
    const { server, uploads, user } = await interrupted();
    expect(screen.getByText(/^511.7 kB of 707.3 kB had arrived/)).toBeInTheDocument();
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

  it('refuses a file that has changed where it was sent already, and then accepts the right one', async () => {
    const { uploads, user } = await interrupted();
    const changed = bytesOf(PART + 200_000, 3);
    changed[5] = (changed[5] ?? 0) ^ 1;
    await user.upload(screen.getByTestId('file-input'), fileOf('dump.sql', changed));
    expect(await screen.findByRole('alert')).toHaveTextContent('The file has changed');
    expect(uploads.bodies).toEqual([]);
    await user.upload(screen.getByTestId('file-input'), BIG());
    await linkOf();
  });

  it('reports an unknown file', async () => {
    const { user } = await interrupted();
    await user.upload(screen.getByTestId('file-input'), fileOf('other.sql', 'x'));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      '\u201cother.sql\u201d is none of these files',
    );
  });

  it('can be ended: nothing is left on the server or in the browser', async () => {
    const { uploads, user } = await interrupted();
    await user.click(button('Discard it'));
    expect(await screen.findByRole('textbox', { name: 'Secret' })).toHaveValue('');
    await waitFor(() => expect(uploads.held.size).toBe(0));
    expect(sessionStorage).toHaveLength(0);
  });
});
