import { randomBytes } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { until } from '../int/kit/portal.js';
import {
  handOverPlain,
  handOverSealed,
  openFiles,
  save,
  sha256,
  slowDown,
  untilShare,
} from './kit/files-download.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading } from './kit/steps.js';

const portal = usePortal();
afterEach(() => portal.relay.mend());

const MIB = 1_048_576;
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const alert = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor();
const handOver = (bytes: Uint8Array, { api } = portal) => handOverSealed(api, [{ name: 'f.bin', bytes }]);
/** A transfer that fails must not hand anything out. */
const countDownloads = (page: Page) => {
  const seen: unknown[] = [];
  page.on('download', (download) => seen.push(download));
  return seen;
};

describe('when something is wrong', () => {
  it('a byte that was changed on the way is found, and nothing is saved; another try saves it', async () => {
    const bytes = randomBytes(400_000);
    const { link } = await handOver(bytes);
    const { page } = await portal.visitor();
    const downloads = countDownloads(page);
    await openFiles(page, link);
    await page.route('**/api/v1/files/*', async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      const at = body.length - 20;
      body[at] = (body[at] ?? 0) ^ 1;
      await route.fulfill({ response: answer, body });
    });
    await press(page, 'Save: f.bin');
    await alert(page, 'It arrived damaged');
    expect(downloads).toEqual([]);
    await page.unroute('**/api/v1/files/*');
    expect((await save(page, 'Try again: f.bin')).hash).toBe(sha256(bytes));
  });

  it('a full disk of the reader loses nothing', async () => {
    const bytes = randomBytes(8 * MIB);
    const { link, id } = await handOver(bytes);
    const { page } = await portal.visitor();
    const downloads = countDownloads(page);
    await openFiles(page, link);
    const session = await page.context().newCDPSession(page);
    const quota = (quotaSize?: number) =>
      session.send('Storage.overrideQuotaForOrigin', {
        origin: portal.url,
        ...(quotaSize === undefined ? {} : { quotaSize }),
      });
    await quota(2 * MIB);
    await press(page, 'Save: f.bin');
    await alert(page, 'There is not enough room on this device');
    expect(downloads).toEqual([]);
    expect(await portal.api.state(id)).toBe('claimed');
    await quota();
    expect((await save(page, 'Try again: f.bin')).hash).toBe(sha256(bytes));
  });

  it('another browser with the same link gets nothing while the first one has it', async () => {
    const { url, id } = await handOverPlain(portal.api, [{ name: 'f', bytes: randomBytes(9) }]).then(
      ({ link, ...rest }) => ({ url: link, ...rest }),
    );
    const [first, second] = [await portal.visitor(), await portal.visitor()];
    await second.page.goto(url);
    await breakSeal(second.page).waitFor();
    await openFiles(first.page, url);
    await breakSeal(second.page).click();
    await heading(second.page).filter({ hasText: 'opened' }).waitFor();
    expect(await portal.api.state(id)).toBe('claimed');
  });

  it('leaving with files that are not saved warns, also by a link of the app', async () => {
    const { link } = await handOver(randomBytes(9));
    const { page } = await portal.visitor();
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await openFiles(page, link);
    await page.getByRole('link', { name: 'Burnbag' }).click();
    await page.getByRole('dialog', { name: 'Leave this page?' }).waitFor();
    await press(page, 'Stay here');
    const warned = page.waitForEvent('dialog');
    await Promise.all([warned, page.reload({ timeout: 2_000 }).catch(() => undefined)]);
    expect(asked).toEqual(['beforeunload']);
    await save(page, 'Save: f.bin');
    await press(page, 'Yes, it is there');
    await page.getByText('Everything is saved.').waitFor();
    await page.getByRole('link', { name: 'Burnbag' }).click();
    await page.getByRole('textbox', { name: 'Secret' }).waitFor();
    expect(asked).toEqual(['beforeunload']);
  });
});

describe('with a short lease', () => {
  const hasty = usePortal({ FILE_LEASE_SECONDS: '8' });

  it('its end is said before it comes, can be put off, and is said when it has come', async () => {
    const { link, id } = await handOver(randomBytes(10), hasty);
    const { page } = await hasty.visitor();
    await openFiles(page, link);
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      // More than is left by now.
      const more = page.getByRole('timer').filter({ hasText: /^0:0[78]$/ });
      await Promise.all([more.waitFor(), press(page, 'Ask for more time')]);
    }
    expect(await hasty.api.state(id)).toBe('claimed');
    await page.getByText('The time is over.').waitFor();
    await page.getByRole('timer').waitFor({ state: 'detached' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await press(page, 'Save: f.bin');
    await alert(page, 'The server has destroyed its copy');
    expect(await hasty.api.state(id)).toBe('secret_gone');
    expect(await page.getByRole('button', { name: /^(Save|Try again)/ }).count()).toBe(0);
  });

  it('a download that takes longer keeps it alive by its progress', async () => {
    const bytes = randomBytes(11 * MIB);
    const { link } = await handOver(bytes, hasty);
    const { page } = await hasty.visitor();
    await openFiles(page, link);
    await slowDown(page, MIB);
    const started = Date.now();
    expect((await save(page, 'Save: f.bin')).hash).toBe(sha256(bytes));
    expect(Date.now() - started).toBeGreaterThan(9_000);
  });

  it('a download that another page of the same reader ends in the middle says so', async () => {
    const { link, id } = await handOver(randomBytes(40 * MIB), hasty);
    const { page } = await hasty.visitor();
    const downloads = countDownloads(page);
    await openFiles(page, link);
    await slowDown(page, 2 * MIB);
    await press(page, 'Save: f.bin');
    await untilShare(page, 5);
    const claim = await page.evaluate((key) => sessionStorage.getItem(key), `burnbag.claim.${id}`);
    // More of it is on its way than any buffer in between holds.
    expect((await hasty.api.send('POST', `/secrets/${id}/acknowledge`, { claim })).status).toBe(204);
    await alert(page, 'The server has destroyed its copy');
    expect(downloads).toEqual([]);
  });
});

describe('where files are written', () => {
  it('the reader may choose the place, and it is written there in a stream', async () => {
    const bytes = randomBytes(3 * MIB);
    const { link } = await handOver(bytes);
    const { page } = await portal.visitor();
    // The dialog belongs to the system; a file of the page's own stands for the one that would be chosen there.
    await page.addInitScript(() => {
      const pick = async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(`picked ${suggestedName}`, { create: true });
      Object.assign(globalThis, { showSaveFilePicker: pick });
    });
    await openFiles(page, link);
    await page.getByRole('checkbox', { name: 'Ask where to save each one' }).check();
    await press(page, 'Save: f.bin');
    await page.getByText('Everything is saved.').waitFor();
    const hash = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const file = await (await root.getFileHandle('picked f.bin')).getFile();
      const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    });
    expect(hash).toBe(sha256(bytes));
  });

  it('a browser that lets no page write to disk saves them all the same', async () => {
    const bytes = randomBytes(5 * MIB);
    const { link } = await handOver(bytes);
    const { page } = await portal.visitor();
    await page.addInitScript(() => {
      Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createWritable');
    });
    await openFiles(page, link);
    expect((await save(page, 'Save: f.bin')).hash).toBe(sha256(bytes));
  });

  it('what a page that is gone left on the disk is removed by the next visit', async () => {
    const { link } = await handOver(randomBytes(9));
    const { page } = await portal.visitor();
    const folders = () =>
      page.evaluate(async () => {
        const names: string[] = [];
        for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
        return names.length;
      });
    await openFiles(page, link);
    await save(page, 'Save: f.bin');
    expect(await folders()).toBe(1);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await heading(page).waitFor();
    await until(async () => (await folders()) === 0);
  });
});
