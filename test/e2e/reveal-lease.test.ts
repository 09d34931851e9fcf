import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { until } from '../int/kit/portal.js';
import { launchBrowser } from '../support/browser.js';
import { startReverseProxy } from '../support/reverse-proxy.js';
import { handOverPlain, handOverSealed, openFiles, save, sha256, slowDown } from './kit/files-download.js';
import { faultsOf } from './kit/look.js';
import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading, openLink, plaintext, readText } from './kit/steps.js';
import { openVisitor } from './kit/visitor.js';

const SECRET = 'read exactly once';
const MIB = 1_048_576;
const portal = usePortal();

/** Answers every question of the browser, and counts them. @param leave whether the page is left */
function answerDialogs(page: Page): { asked: string[]; leave: boolean } {
  const answers = { asked: [] as string[], leave: false };
  page.on('dialog', (dialog) => {
    answers.asked.push(dialog.type());
    void (answers.leave ? dialog.accept() : dialog.dismiss());
  });
  return answers;
}

describe('a text that is on the page and not taken yet', () => {
  it('is asked about before F5 and Back take it away, by the browser, and before the logo does, by the page', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    const dialogs = answerDialogs(page);
    await page.goto('/no/such/page');
    await openLink(page, link);
    const ways = [() => page.reload({ timeout: 2_000 }), () => page.goBack({ timeout: 2_000 })];
    for (const [index, leave] of ways.entries()) {
      // A navigation that the reader refuses never ends.
      await Promise.all([page.waitForEvent('dialog'), leave().catch(() => undefined)]);
      expect(dialogs.asked).toHaveLength(index + 1);
      await page.getByTestId('mask').waitFor();
    }
    await page.getByRole('link', { name: 'Burnbag' }).click();
    await page.getByRole('dialog', { name: 'Leave this page?' }).waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    expect(page.url()).toBe(link);
    expect(await portal.api.state(id)).toBe('claimed');
    await readText(page);
    expect(await plaintext(page).innerText()).toBe(SECRET);
    expect(await portal.api.state(id)).toBe('secret_gone');
    await page.getByRole('link', { name: 'Burnbag' }).click();
    await page.getByRole('textbox', { name: 'Secret' }).waitFor();
    expect(dialogs.asked).toHaveLength(ways.length);
  });

  it('is there again after a reload, for this tab only', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    answerDialogs(page).leave = true;
    await openLink(page, link);
    await page.getByRole('timer', { name: 'Time in which this link shows it again' }).waitFor();
    await page.reload();
    await page.getByText('You opened this in this tab a moment ago.').waitFor();
    const other = await portal.visitor();
    await other.page.goto(link);
    await heading(other.page).filter({ hasText: 'Someone opened this on' }).waitFor();
    await breakSeal(page).click();
    await readText(page);
    expect(await plaintext(page).innerText()).toBe(SECRET);
    expect(await portal.api.state(id)).toBe('secret_gone');
  });

  it('is asked about before a step in the history inside the app', async () => {
    const { url } = await portal.api.create({ content: SECRET, maxViews: 3 });
    const { page } = await portal.visitor();
    await openLink(page, url);
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.getByRole('button', { name: 'Burn this copy' }).click();
    await page.getByRole('link', { name: 'Hand over a secret' }).click();
    await page.getByRole('textbox', { name: 'Secret' }).waitFor();
    await page.goBack();
    await breakSeal(page).click();
    await page.getByTestId('mask').waitFor();
    await page.evaluate(() => history.forward());
    await page.getByRole('dialog', { name: 'Leave this page?' }).waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await page.getByTestId('mask').waitFor();
    expect(new URL(page.url()).pathname).toBe(new URL(url).pathname);
  });

  describe('when the lease ends', () => {
    const hasty = usePortal({ CLAIM_LEASE_SECONDS: '5' });

    it('stays on the page, which says that it is the only place; another reader gets nothing', async () => {
      const { link, id } = await createSealed(hasty.api, SECRET);
      const { page } = await hasty.visitor();
      await openLink(page, link);
      await page.getByText('Only this page still holds the text').waitFor();
      await until(async () => (await hasty.api.state(id)) === 'secret_gone');
      await readText(page);
      expect(await plaintext(page).innerText()).toBe(SECRET);
    });
  });
});

describe('files behind a proxy that takes everything at once', () => {
  const buffered = usePortal({ FILE_LEASE_SECONDS: '5', DOWNLOAD_MIN_RATE: '1000000000' });
  afterEach(() => buffered.relay.mend());

  it('arrive whole, although the line is cut three leases later: the page renews by what arrived', async () => {
    const bytes = randomBytes(24 * MIB);
    const { link, id } = await handOverSealed(buffered.api, [{ name: 'big.iso', bytes }]);
    const { url } = await startReverseProxy({
      upstream: `http://127.0.0.1:${buffered.relay.target}`,
      directives: ['proxy_ignore_headers X-Accel-Buffering'],
    });
    buffered.relay.target = Number(new URL(url).port);
    const { page } = await buffered.visitor();
    await openFiles(page, link);
    await slowDown(page, MIB);
    buffered.relay.cutAnswersTo(/^GET \S+\/files\//, 1, () => 16 * MIB);
    expect((await save(page, 'Save: big.iso')).hash).toBe(sha256(bytes));
    expect(buffered.relay.cuts()).toBe(1);
    expect(await buffered.api.state(id)).toBe('claimed');
  });
});

describe('the question whether the files are there', () => {
  const hasty = usePortal({ FILE_LEASE_SECONDS: '5' });

  it('keeps the lease alive while it is open, and only its answer ends it', async () => {
    const { link, id } = await handOverPlain(hasty.api, [{ name: 'a.bin', bytes: randomBytes(9) }]);
    const { page } = await hasty.visitor();
    await openFiles(page, link);
    await save(page, 'Save: a.bin');
    await page.getByRole('heading', { name: 'Is it in your folder?' }).waitFor();
    const since = Date.now();
    while (Date.now() - since < 12_000) {
      expect(await hasty.api.state(id)).toBe('claimed');
      await page.waitForTimeout(500);
    }
    expect(await page.getByText('Everything is saved.').count()).toBe(0);
    await page.getByRole('button', { name: 'Yes, it is there' }).click();
    await page.getByRole('button', { name: 'Destroy it now' }).click();
    await until(async () => (await hasty.api.state(id)) === 'secret_gone');
  });
});

describe('over plain http', () => {
  const NAME = 'burn.example';
  /** Chromium says of every page of plain http that it takes this header only over https. */
  const IGNORED = /Cross-Origin-Opener-Policy header has been ignored/;
  let browser: Browser;
  const plain = usePortal(async (url) => ({ PUBLIC_URL: url.replace('localhost', NAME) }));
  beforeAll(async () => {
    browser = await launchBrowser([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
  });
  afterAll(() => browser.close());
  const visit = () => openVisitor(browser, plain.url.replace('localhost', NAME));

  it('a text says before it is opened what the browser may refuse, and is read all the same', async () => {
    const { link } = await createSealed(plain.api, SECRET);
    const { page, faults } = await visit();
    await page.goto(link);
    await page.getByRole('alert').filter({ hasText: 'plain http' }).waitFor();
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    expect(await faultsOf(page, 'reveal-plain-http-text')).toEqual([]);
    await breakSeal(page).click();
    await readText(page);
    expect(await plaintext(page).innerText()).toBe(SECRET);
    expect(faults.filter((fault) => !IGNORED.test(fault))).toEqual([]);
  });

  it('files are never called saved before the reader says so', async () => {
    const { link, id } = await handOverSealed(plain.api, [{ name: 'a.zip', bytes: randomBytes(MIB) }]);
    const { page, faults } = await visit();
    await page.goto(link);
    await page.getByRole('alert').filter({ hasText: 'Insecure download blocked' }).waitFor();
    expect(await faultsOf(page, 'reveal-plain-http-files')).toEqual([]);
    await breakSeal(page).click();
    await page.getByRole('button', { name: 'Save: a.zip' }).click();
    await page.getByRole('heading', { name: 'Is it in your folder?' }).waitFor();
    await page.getByText('look into the list of downloads').waitFor();
    expect(await faultsOf(page, 'reveal-plain-http-kept')).toEqual([]);
    expect(await page.getByText(/^(Saved|Everything is saved\.)$/).count()).toBe(0);
    expect(await plain.api.state(id)).toBe('claimed');
    expect(faults.filter((fault) => !IGNORED.test(fault))).toEqual([]);
  });
});
