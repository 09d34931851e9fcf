import { describe, expect, it } from '@jest/globals';
import { fireEvent, screen } from '@testing-library/react';
import { open } from '../../lib/seal/seal';
import {
  CREATED,
  bytesOf,
  fileOf,
  SMALL,
  drop,
  button,
  list,
  linkOf,
  bodyOf,
  keysOf,
  start,
  opened,
} from '../../testing/create-files';

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

  it('takes an image that is pasted, but leaves text that brings its own picture', async () => {
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
