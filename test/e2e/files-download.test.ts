import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { safeFileName } from '@burnbag/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fromBufferPromise } from 'yauzl';

import {
  filesHeading,
  handOverPlain,
  handOverSealed,
  openFiles,
  save,
  type SavedFile,
  savedFile,
  sha256,
  slowDown,
  untilShare,
} from './kit/files-download.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading, plaintext } from './kit/steps.js';

const portal = usePortal();
afterEach(() => portal.relay.mend());

const MIB = 1_048_576;
/** Bytes per second: what is under way is so for long enough to be met there. */
const SLOW = MIB / 2;
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const leaveAnyway = (page: Page) => page.on('dialog', (dialog) => void dialog.accept());
const hashOf = ({ name, size, hash }: SavedFile) => ({ name, size, hash });
const given = (name: string, bytes: Uint8Array) => ({ name, size: bytes.length, hash: sha256(bytes) });
/** The page asks whether the browser kept what it was given; the reader says yes. */
async function confirmKept(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 2, name: /in your folder\?$/ }).waitFor();
  await press(page, /^Yes, /);
  await page.getByText('Everything is saved.').waitFor();
}

/** Ends the server's copy, and waits until it is gone. */
async function destroy(page: Page): Promise<void> {
  await confirmKept(page);
  await press(page, 'Destroy it now');
  await page.getByRole('status').filter({ hasText: 'No one can open this link again' }).waitFor();
}

async function unzip(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const zip = await fromBufferPromise(readFileSync(path));
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    found[entry.fileName] = sha256(Buffer.concat(pieces));
  }
  return found;
}

describe('sealed files', () => {
  it('are opened once: the page says what they are, saves them bit by bit, and no proxy on the way sees more', async () => {
    const [one, two] = [
      Buffer.concat([Buffer.from('known-plaintext-of-a-file;'), randomBytes(3 * MIB)]),
      randomBytes(65_537),
    ];
    const name = 'gehälter 2026.csv';
    const { link, id } = await handOverSealed(
      portal.api,
      [
        { name, bytes: one },
        { name: '../../second.bin', bytes: two },
      ],
      { note: 'note-to-the-files' },
    );
    const { page } = await portal.visitor();
    await page.goto(link);
    await page.getByText('2 files, 3.1 MB').waitFor();
    expect(await portal.api.state(id)).toBe('live');
    await breakSeal(page).click();
    await filesHeading(page).waitFor();
    await press(page, 'Reveal');
    expect(await plaintext(page).innerText()).toBe('note-to-the-files');

    expect(hashOf(await save(page, `Save: ${name}`))).toEqual(given(name, one));
    expect(await portal.api.state(id)).toBe('claimed');
    expect(hashOf(await save(page, 'Save: ../../second.bin'))).toEqual(given('second.bin', two));
    await page.getByRole('heading', { name: 'Are they in your folder?' }).waitFor();
    expect(await page.getByText('Everything is saved.').count()).toBe(0);
    const other = await portal.visitor();
    await other.page.goto(link);
    await heading(other.page).filter({ hasText: 'Someone opened this on' }).waitFor();

    await destroy(page);
    expect(await portal.api.state(id)).toBe('secret_gone');
    expect(page.url()).not.toContain('#');
    await other.page.reload();
    await heading(other.page).filter({ hasText: 'This was opened on' }).waitFor();

    const seen = `${portal.relay.sent()}\n${portal.relay.received()}`;
    expect(seen).toContain(`GET /api/v1/files/${id}`);
    for (const secret of [
      'gehälter',
      encodeURIComponent('gehälter'),
      'second.bin',
      'note-to-the-files',
      'known-plaintext',
    ])
      expect([secret, seen.includes(secret)]).toEqual([secret, false]);
  });

  it('are destroyed by itself once the reader says that everything is there, after a clear sign', async () => {
    const { link, id } = await handOverSealed(portal.api, [{ name: 'a.txt', bytes: randomBytes(10) }]);
    const { page } = await portal.visitor();
    await openFiles(page, link);
    await save(page, 'Save: a.txt');
    await confirmKept(page);
    await page.getByText(/The server destroys its copy in \d+ seconds?\./).waitFor();
    expect(await portal.api.state(id)).toBe('claimed');
    await page.getByRole('status').filter({ hasText: 'No one can open this link again' }).waitFor();
    expect(await portal.api.state(id)).toBe('secret_gone');
  });

  it('arrive whole although the line is cut at ten random places', async () => {
    const bytes = randomBytes(9 * MIB + 123);
    const { link } = await handOverSealed(portal.api, [
      { name: 'first', bytes: randomBytes(1_000) },
      { name: 'big.iso', bytes },
    ]);
    const { page } = await portal.visitor();
    const claims: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/files/')) claims.push(request.headers()['x-claim']);
    });
    await openFiles(page, link);
    // Together less than the file, so that it is not whole before the last cut.
    portal.relay.cutAnswersTo(/^GET \S+\/files\//, 10, () => Math.floor(Math.random() * 0.9 * MIB));
    expect(hashOf(await save(page, 'Save: big.iso'))).toEqual(given('big.iso', bytes));
    expect(portal.relay.cuts()).toBe(10);
    expect(claims.length).toBeGreaterThan(8);
    expect(new Set(claims).size).toBe(1);
  });

  it('wait while there is no connection, pause when told, and go on', async () => {
    const bytes = randomBytes(6 * MIB);
    const { link } = await handOverSealed(portal.api, [{ name: 'big.iso', bytes }]);
    const { page } = await portal.visitor();
    await openFiles(page, link);
    await slowDown(page, SLOW);
    const coming = page.waitForEvent('download', { timeout: 120_000 });
    await press(page, 'Save: big.iso');
    const bar = page.getByRole('progressbar', { name: 'Saving big.iso' });
    await untilShare(page, 5);
    await press(page, 'Pause: big.iso');
    await page
      .getByText(/Paused\. Nothing is lost/)
      .first()
      .waitFor();
    const still = await bar.getAttribute('aria-valuenow');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await bar.getAttribute('aria-valuenow')).toBe(still);
    portal.relay.cutAnswersTo(/^GET \S+\/files\//);
    await press(page, 'Go on: big.iso');
    await page
      .getByText(/The connection is away/)
      .first()
      .waitFor();
    portal.relay.mend();
    await slowDown(page, -1);
    expect((await savedFile(await coming)).hash).toBe(sha256(bytes));
    await page.getByRole('heading', { level: 2, name: /in your folder\?$/ }).waitFor();
  });

  it('survive a reload in the middle: the same tab opens them again and knows what it has', async () => {
    const files = [
      { name: 'small', bytes: randomBytes(70_000) },
      { name: 'large', bytes: randomBytes(6 * MIB) },
    ];
    const { link, id } = await handOverSealed(portal.api, files);
    const { page } = await portal.visitor();
    leaveAnyway(page);
    await openFiles(page, link);
    await save(page, 'Save: small');
    await slowDown(page, SLOW);
    await press(page, 'Save: large');
    await untilShare(page, 10);
    await page.reload();
    await slowDown(page, -1);
    expect(await portal.api.state(id)).toBe('claimed');
    await page.getByText('You opened this in this tab a moment ago.').waitFor();
    await breakSeal(page).click();
    await page.getByRole('button', { name: 'Save again: small' }).waitFor();
    const large = await save(page, 'Save: large');
    expect(large.hash).toBe(sha256(files[1]?.bytes ?? Buffer.of()));
    await page.getByRole('heading', { level: 2, name: /in your folder\?$/ }).waitFor();
  });

  it('become one zip on the way', async () => {
    const files = ['same.txt', 'same.txt', 'dir/other.bin', 'leer'].map((name, index) => ({
      name,
      bytes: randomBytes([10, 200_000, 2 * MIB, 0][index] ?? 0),
    }));
    const { link } = await handOverSealed(portal.api, files);
    const { page } = await portal.visitor();
    await openFiles(page, link);
    portal.relay.cutAnswersTo(/^GET \S+\/files\//, 2, () => 700_000);
    const archive = await save(page, 'Save all as one zip');
    const hashes = files.map(({ bytes }) => sha256(bytes));
    expect(await unzip(archive.path)).toEqual({
      'same.txt': hashes[0],
      'same (2).txt': hashes[1],
      'other.bin': hashes[2],
      leer: hashes[3],
    });
    await page.getByRole('heading', { level: 2, name: /in your folder\?$/ }).waitFor();
  });

  it('are saved under names that lead nowhere else and do not deceive', async () => {
    const names = [
      '\u{1F511} gr\u00f6\u00dfe.txt',
      'one\ntwo.txt',
      'invoice\u202egpj.exe',
      '..',
      `${'x'.repeat(4_000)}.pdf`,
      'CON',
    ];
    const { link } = await handOverSealed(
      portal.api,
      names.map((name, index) => ({ name, bytes: randomBytes(index) })),
    );
    const { page } = await portal.visitor();
    await openFiles(page, link);
    const rows = page.getByRole('list', { name: 'Files' }).getByRole('listitem');
    for (const [index, name] of names.entries()) {
      const coming = page.waitForEvent('download');
      // While one is saved, its row has two buttons.
      await rows.nth(index).getByRole('button', { name: 'Save: ' }).click();
      expect((await coming).suggestedFilename()).toBe(safeFileName(name));
    }
  });

  it('open with their passphrase, which never leaves the browser', async () => {
    const bytes = randomBytes(100_000);
    const passphrase = 'said on the phone';
    const { link } = await handOverSealed(portal.api, [{ name: 'f', bytes }], { passphrase });
    const { page } = await portal.visitor();
    await page.goto(link);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
    await breakSeal(page).click();
    expect((await save(page, 'Save: f')).hash).toBe(sha256(bytes));
    expect(portal.relay.sent()).not.toContain('on the phone');
  });

  it('open as often as they may: one opening ends, and the link goes on working', async () => {
    const bytes = randomBytes(100);
    const { link, id } = await handOverSealed(portal.api, [{ name: 'f', bytes }], { maxViews: 2 });
    const { page } = await portal.visitor();
    await openFiles(page, link);
    await save(page, 'Save: f');
    await confirmKept(page);
    await press(page, 'End it now');
    await page.getByText('This link opens one more time.').waitFor();
    expect(await portal.api.state(id)).toBe('live');
    const other = await portal.visitor();
    await openFiles(other.page, link);
    expect((await save(other.page, 'Save: f')).hash).toBe(sha256(bytes));
  });
});

describe('files that the server encrypted', () => {
  it('are saved one by one and as a zip', async () => {
    const files = [
      { name: 'dump.sql', bytes: randomBytes(2 * MIB + 1) },
      { name: 'größe.txt', bytes: randomBytes(5) },
    ];
    const { link } = await handOverPlain(portal.api, files, { note: 'hello' });
    const { page } = await portal.visitor();
    await openFiles(page, link);
    portal.relay.cutAnswersTo(/^GET \S+\/files\//, 2, () => 500_000);
    for (const { name, bytes } of files)
      expect(hashOf(await save(page, `Save: ${name}`))).toEqual(given(name, bytes));
    const archive = await save(page, 'Save all as one zip');
    expect(await unzip(archive.path)).toEqual(
      Object.fromEntries(files.map(({ name, bytes }) => [name, sha256(bytes)])),
    );
    await destroy(page);
  });

  it('open with their passphrase, in any script', async () => {
    const bytes = randomBytes(70_000);
    const passphrase = 'schlüssel 価格';
    const { link } = await handOverPlain(portal.api, [{ name: 'f', bytes }], { passphrase });
    const { page } = await portal.visitor();
    await page.goto(link);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
    await breakSeal(page).click();
    expect((await save(page, 'Save: f')).hash).toBe(sha256(bytes));
  });
});
