import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { handOver, heading, openLink, readText } from './kit/steps.js';

const portal = usePortal();

const stateIs = (page: Page, word: string) =>
  page.locator('[data-testid=state]', { hasText: new RegExp(`^${word}$`) }).waitFor();
const happened = (page: Page) =>
  page.getByRole('list', { name: 'What happened' }).getByRole('listitem').locator('span').allInnerTexts();

describe('the receipt', () => {
  it('follows a secret from the sealing to the opening', async () => {
    const sender = await portal.visitor();
    const { link, receiptLink, id } = await handOver(sender.page, 'watched');
    await sender.page.goto(receiptLink);
    await stateIs(sender.page, 'Waiting to be opened');
    expect(await happened(sender.page)).toEqual(['Handed over']);
    const words = await sender.page.getByRole('main').innerText();
    expect(words).not.toContain(id);
    expect(words).toContain('in your browser');

    const reader = await portal.visitor();
    await openLink(reader.page, link);
    await readText(reader.page);
    await sender.page.getByRole('button', { name: 'Refresh' }).click();
    await stateIs(sender.page, 'Opened');
    expect((await happened(sender.page)).slice(0, 2)).toEqual(['Handed over', 'Opened']);
    expect(await sender.page.getByRole('button', { name: 'Burn it now' }).count()).toBe(0);
  });

  it('burns it unread, but only after it was asked twice', async () => {
    const { id, link, receiptUrl } = await createSealed(portal.api, 'sent to the wrong person');
    const { page } = await portal.visitor();
    await page.goto(receiptUrl);
    await page.getByRole('button', { name: 'Burn it now' }).click();
    const confirm = page.getByRole('group', { name: 'Burn it now?' });
    expect(
      await confirm
        .getByRole('button', { name: 'Keep it' })
        .evaluate((own) => own === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('Escape');
    expect(await confirm.count()).toBe(0);
    expect(await portal.api.state(id)).toBe('live');

    await page.getByRole('button', { name: 'Burn it now' }).click();
    await confirm.getByRole('button', { name: 'Burn', exact: true }).click();
    await stateIs(page, 'Burned');
    expect(await happened(page)).toEqual(['Handed over', expect.stringMatching(/^Burned/)]);
    expect(await portal.api.state(id)).toBe('secret_gone');

    const reader = await portal.visitor();
    await reader.page.goto(link);
    await heading(reader.page).filter({ hasText: 'This was destroyed unread' }).waitFor();
  });

  it('says that it was opened when the reader was faster than the burn', async () => {
    const { id, url, receiptUrl } = await portal.api.create();
    const { page } = await portal.visitor();
    await page.goto(receiptUrl);
    await page.getByRole('button', { name: 'Burn it now' }).click();
    expect((await portal.api.reveal(id)).status).toBe(200);
    await page.getByRole('button', { name: 'Burn', exact: true }).click();
    await stateIs(page, 'Opened');
    expect(url).toContain(id);
  });

  it('is not fooled by a link that lost a part', async () => {
    const { receiptUrl } = await portal.api.create();
    const { page } = await portal.visitor();
    for (const broken of [
      receiptUrl.slice(0, -2),
      receiptUrl.replace(/#.*/, ''),
      `${receiptUrl.slice(0, -3)}AAA`,
    ]) {
      await page.goto('about:blank');
      await page.goto(broken);
      await heading(page).filter({ hasText: 'This receipt link is not complete' }).waitFor();
    }
  });

  it('never sends its token in an address that logs keep', async () => {
    const { receiptUrl, receiptToken } = await portal.api.create();
    const { page } = await portal.visitor();
    await page.goto(receiptUrl);
    await stateIs(page, 'Waiting to be opened');
    expect(new URL(receiptUrl).hash).toBe(`#${receiptToken}`);
    expect(portal.relay.sent()).not.toContain(`/r?${receiptToken}`);
    expect(portal.relay.sent()).not.toMatch(new RegExp(`referer:.*${receiptToken}`, 'i'));
  });
});
