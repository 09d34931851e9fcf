import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { untilFocused } from './kit/keyboard.js';
import { usePortal } from './kit/portal-fixture.js';
import { openLink, plaintext, takeLinks } from './kit/steps.js';

const portal = usePortal();
/** Typed after the app has taken over, too. */
const MORE_KEYS = 15;

const field = (page: Page) => page.locator('textarea:visible');
const isPainted = (page: Page) => page.evaluate(() => document.querySelector('[data-shell]') !== null);

/** Opens the create page; the app after the first paint arrives only when it is let in. */
async function firstPaint(slowdown: number) {
  const { page } = await portal.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  let letIn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letIn = resolve));
  await page.route('**/assets/start-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await untilFocused(page, 'textarea: Secret');
  expect(await isPainted(page)).toBe(true);
  await field(page).evaluate((element) => Object.assign(element, { isFirst: true }));
  return { page, session, letIn };
}

/** Types on, key by key, until the app has been there for a while. @returns what was typed */
async function typeUntilTaken(page: Page): Promise<string> {
  let typed = '';
  for (let after = 0; after < MORE_KEYS;) {
    const next = `${typed.length.toString(36)}-`;
    await page.keyboard.type(next);
    typed += next;
    if (!(await isPainted(page))) after += 1;
  }
  return typed;
}

/** It is the same element, and the app knows what is in it. */
async function expectWhole(page: Page, text: string): Promise<void> {
  expect(await field(page).inputValue()).toBe(text);
  expect(await field(page).evaluate((element) => Reflect.get(element, 'isFirst') as unknown)).toBe(true);
  expect(await page.locator('textarea').count()).toBe(1);
  await untilFocused(page, 'textarea: Secret');
  await page.keyboard.press('Control+Enter');
  const { link } = await takeLinks(page);
  await openLink(page, link);
  await page.getByRole('button', { name: 'Reveal' }).click();
  expect(await plaintext(page).textContent()).toBe(text);
}

describe('what is written while the page loads', () => {
  it.each([1, 2, 6])('is whole when typed, with the processor slowed %d times', async (slowdown) => {
    const { page, letIn } = await firstPaint(slowdown);
    await page.keyboard.type('early-secret-123 ');
    letIn();
    await expectWhole(page, `early-secret-123 ${await typeUntilTaken(page)}`);
  });

  it('is whole when nothing holds the app back', async () => {
    const { page, letIn } = await firstPaint(4);
    letIn();
    await expectWhole(page, await typeUntilTaken(page));
  });

  it('is whole when pasted in the middle of what is there', async () => {
    const { page, letIn } = await firstPaint(2);
    await page.keyboard.type('<>');
    await page.keyboard.press('ArrowLeft');
    await page.evaluate(() => navigator.clipboard.writeText('-----BEGIN KEY-----\nabc\n'));
    await page.keyboard.press('Control+V');
    letIn();
    const typed = await typeUntilTaken(page);
    await expectWhole(page, `<-----BEGIN KEY-----\nabc\n${typed}>`);
  });

  it('is whole when an input method is composing as the app takes over', async () => {
    const { page, session, letIn } = await firstPaint(2);
    const compose = (text: string) =>
      session.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    await page.keyboard.type('key: ');
    await compose('ni');
    letIn();
    await page.locator('[data-shell]').first().waitFor({ state: 'detached' });
    await compose('nihao');
    await session.send('Input.insertText', { text: '\u4f60\u597d' });
    await page.keyboard.type('!');
    await expectWhole(page, 'key: \u4f60\u597d!');
  });

  it('is not thrown away by a reload without a question', async () => {
    const { page } = await firstPaint(1);
    await page.keyboard.type('early');
    const asked = page.waitForEvent('dialog');
    void page.reload().catch(() => undefined);
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    expect(await field(page).inputValue()).toBe('early');
  });

  it('stays in sight when the app does not load', async () => {
    const { page, faults } = await portal.visitor();
    await page.route('**/assets/start-*.js', async (route) => {
      await field(page).waitFor();
      await page.keyboard.type('early');
      await route.abort();
    });
    await page.goto('/');
    await page.getByRole('alert').getByText('This page did not load fully').waitFor();
    expect(await field(page).inputValue()).toBe('early');
    // The script that is missing is the point of this test.
    expect(faults.splice(0)).toEqual(['error: app_outdated']);
  });
});
