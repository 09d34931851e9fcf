import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { until } from '../int/kit/portal.js';
import {
  choose,
  TempFiles,
  dropFiles,
  linger,
  lookAtUpload,
  MIB,
  narrow,
  noise,
  percent,
  press,
  seal,
  sha256,
  takeFiles,
  throttle,
  unplug,
  untilPercent,
  uploadIdOf,
  watchBar,
} from './kit/files-upload.js';
import { usePortal } from './kit/portal-fixture.js';
import { takeLinks } from './kit/steps.js';

const portal = usePortal();
const tempFiles = new TempFiles();
afterEach(() => portal.relay.mend());
afterAll(() => tempFiles.clear());

const SLOW = 4 * MIB;
const storage = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
/** A person who leaves although the page warns. */
const leaveAnyway = (page: Page) => page.on('dialog', (dialog) => void dialog.accept());

/** Begins to send a file of 24 MiB over a narrow way, and lets it linger once some of it has left. */
async function underWay(page: Page, path: string, least = 20) {
  const session = await narrow(page, SLOW);
  await page.goto('/');
  await choose(page, [path]);
  await seal(page);
  await untilPercent(page, least);
  await linger(session);
  return session;
}

describe('files in the web app', () => {
  it('are dropped with a note, sealed, sent while a bar moves, and arrive bit by bit; no proxy on the way sees more', async () => {
    const { page } = await portal.visitor();
    const name = 'gehaltsliste-m\u00e4rz.csv';
    const first = Buffer.concat([Buffer.from('known-plaintext-in-a-file;'), noise(9 * MIB)]);
    const second = noise(65_537);
    await page.goto('/');
    await dropFiles(page, [
      { name, bytes: first, type: 'text/csv' },
      { name: 'second.bin', bytes: second },
    ]);
    await page.getByText('2 files, 9.1 MB').waitFor();
    await page.getByRole('textbox', { name: /^Note/ }).fill('note-to-the-files');
    await narrow(page, SLOW);
    const shares = await watchBar(page);
    await seal(page);
    const handed = await takeLinks(page);
    const seen = await shares();
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.some((value) => value > 0 && value < 100)).toBe(true);
    expect([...seen].sort((one, other) => one - other)).toEqual(seen);
    await page.getByText('2 files, 9.1 MB').waitFor();
    expect(await storage(page)).toBe('[{},{}]');

    const { manifest, bytes } = await takeFiles(portal.api, handed);
    expect(sha256(bytes)).toBe(sha256(Buffer.concat([first, second])));
    expect(manifest).toEqual({
      note: 'note-to-the-files',
      files: [
        { name, type: 'text/csv', size: first.length },
        { name: 'second.bin', type: '', size: second.length },
      ],
    });
    const log = `${portal.relay.sent()}\n${portal.relay.received()}`;
    expect(log).toContain('PATCH /api/v1/uploads/');
    const never = [
      name,
      encodeURIComponent(name),
      'gehaltsliste',
      'second.bin',
      'known-plaintext',
      'note-to-the-files',
    ];
    const forms = never.flatMap((text) => [text, Buffer.from(text).toString('base64').replace(/=+$/, '')]);
    expect(forms.filter((form) => log.includes(form))).toEqual([]);
    expect(log).not.toContain(handed.fragment);
  });

  it.each([0, 1, 65_536 - 200])('are handed over when they have %d bytes', async (size) => {
    const { page } = await portal.visitor();
    const bytes = noise(size);
    await page.goto('/');
    await choose(page, [tempFiles.put(`small-${size}`, bytes)]);
    await seal(page);
    const { bytes: got } = await takeFiles(portal.api, await takeLinks(page));
    expect(got.equals(bytes)).toBe(true);
  });

  it('open with the passphrase that goes another way', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await choose(page, [tempFiles.put('locked.txt', 'behind a passphrase')]);
    await press(page, 'no passphrase');
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('another way');
    await seal(page);
    const { bytes } = await takeFiles(portal.api, await takeLinks(page), 'another way');
    expect(bytes.toString()).toBe('behind a passphrase');
  });

  it('can be encrypted by the server, for a script that follows the command on the page', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await choose(page, [tempFiles.put('for-a-script.txt', 'plain to the server')]);
    await press(page, 'in this browser');
    await page.getByRole('radio', { name: 'Encrypted on the server' }).check();
    await seal(page);
    await takeLinks(page);
    const command = (await page.getByTestId('script').textContent()) ?? '';
    const [, claim, url] = /^curl -OJ -H "X-Claim: (\S+)" (\S+)$/.exec(command) ?? [];
    const answer = await fetch(url ?? '', { headers: { 'X-Claim': claim ?? '' } });
    expect(await answer.text()).toBe('plain to the server');
    expect(answer.headers.get('content-disposition')).toContain('for-a-script.txt');
    // And so the log of the test above would show a file that is not sealed.
    expect(portal.relay.sent()).toContain('plain to the server');
    expect(portal.relay.sent()).toContain('for-a-script.txt');
  });
});

describe('the code that uploads', () => {
  it('is fetched once, after the page is there and before there are files', async () => {
    const { page } = await portal.visitor();
    const scripts: Promise<string>[] = [];
    page.on('response', (answer) => {
      if (answer.url().endsWith('.js')) scripts.push(answer.text());
    });
    const fetched = async () =>
      (await Promise.all(scripts)).filter((text) => text.includes('application/offset+octet-stream')).length;
    await page.goto('/');
    await page.locator('#root').getByRole('textbox', { name: 'Secret' }).waitFor();
    await until(async () => (await fetched()) === 1);
    await choose(page, [tempFiles.put('one.txt', '1')]);
    await seal(page);
    await takeLinks(page);
    expect(await fetched()).toBe(1);
  });
});

describe('an upload under way', () => {
  it('pauses, says so, and goes on where it was', async () => {
    const { page } = await portal.visitor();
    const bytes = noise(24 * MIB);
    const session = await underWay(page, tempFiles.put('pause.bin', bytes));
    await press(page, 'Pause');
    await page.getByText('Paused. What has arrived is kept.', { exact: true }).waitFor();
    const at = await percent(page);
    await page.waitForTimeout(700);
    expect(await percent(page)).toBe(at);
    await throttle(session, -1);
    await press(page, 'Go on');
    const { bytes: got } = await takeFiles(portal.api, await takeLinks(page));
    expect(sha256(got)).toBe(sha256(bytes));
  });

  it('survives a network that is gone for a while, says what it waits for, and goes on by itself', async () => {
    const { page } = await portal.visitor();
    const bytes = noise(24 * MIB);
    const session = await underWay(page, tempFiles.put('tunnel.bin', bytes));
    await unplug(session);
    await page.getByText('The server could not be reached.').waitFor();
    await page.getByText(/^Trying again in \d+ second/).waitFor();
    await throttle(session, -1);
    const { bytes: got } = await takeFiles(portal.api, await takeLinks(page));
    expect(sha256(got)).toBe(sha256(bytes));
  });

  it('survives answers that get lost, that to the very last request included', async () => {
    const { page } = await portal.visitor();
    const bytes = noise(10 * MIB);
    await page.goto('/');
    await choose(page, [tempFiles.put('lost-answers.bin', bytes)]);
    portal.relay.cutAnswersTo(/^(?:PATCH|POST \S+\/complete) /, 2);
    await seal(page);
    const handed = await takeLinks(page);
    expect(portal.relay.cuts()).toBe(2);
    const { bytes: got } = await takeFiles(portal.api, handed);
    expect(sha256(got)).toBe(sha256(bytes));
  });

  it('warns before it is left, resumes after a reload with the same file, and refuses a changed one', async () => {
    const { page } = await portal.visitor();
    const bytes = noise(24 * MIB);
    const path = tempFiles.put('reload.bin', bytes);
    const session = await underWay(page, path, 45);
    const warned = page.waitForEvent('dialog');
    leaveAnyway(page);
    await Promise.all([warned, page.reload()]);
    expect((await warned).type()).toBe('beforeunload');
    await page.getByRole('heading', { name: 'This handover was interrupted' }).waitFor();

    const changed = Buffer.from(bytes);
    changed[17] = (changed[17] ?? 0) ^ 1;
    tempFiles.put('reload.bin', changed);
    await choose(page, [path]);
    await page.getByRole('alert').filter({ hasText: 'The file has changed' }).waitFor();

    tempFiles.put('reload.bin', bytes);
    const patched: number[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') patched.push(Number(request.headers()['upload-offset']));
    });
    await throttle(session, -1);
    await choose(page, [path]);
    const handed = await takeLinks(page);
    // Pieces of 0.5, 1, 2 and 4 MiB are there, and what the next one brought.
    expect(patched[0]).toBeGreaterThanOrEqual(7.5 * MIB);
    expect((patched[0] ?? 1) % 65_536).toBe(0);
    const { bytes: got } = await takeFiles(portal.api, handed);
    expect(sha256(got)).toBe(sha256(bytes));
    expect(await storage(page)).toBe('[{},{}]');
  });

  it('leaves nothing on the server or in the browser when it is cancelled, and keeps the form', async () => {
    const { page } = await portal.visitor();
    await underWay(page, tempFiles.put('cancelled.bin', noise(24 * MIB)));
    const uploadId = await uploadIdOf(page);
    expect(await lookAtUpload(portal.api, uploadId)).toBe(200);
    await press(page, 'Cancel');
    await press(page, 'Yes, cancel it');
    await page.getByRole('button', { name: 'Remove cancelled.bin' }).waitFor();
    expect(await lookAtUpload(portal.api, uploadId)).toBe(404);
    expect(await storage(page)).toBe('[{},{}]');
  });

  it('leaves nothing either when it is discarded after a reload', async () => {
    const { page } = await portal.visitor();
    await underWay(page, tempFiles.put('discarded.bin', noise(24 * MIB)), 45);
    const uploadId = await uploadIdOf(page);
    leaveAnyway(page);
    await page.reload();
    const deleted = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
    await press(page, 'Discard it');
    await page.getByRole('textbox', { name: 'Secret' }).waitFor();
    expect((await deleted).status()).toBe(204);
    expect(await lookAtUpload(portal.api, uploadId)).toBe(404);
    expect(await storage(page)).toBe('[{},{}]');
  });
});
