import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { usePortal } from './kit/portal-fixture.js';
import { handOver, openLink, plaintext, takeLinks } from './kit/steps.js';

const MAX = 300;
const portal = usePortal({ SECRET_MAX_BYTES: String(MAX) });

const field = (page: Page) => page.getByRole('textbox', { name: 'Secret' });
const seal = (page: Page) => page.getByRole('button', { name: 'Seal', exact: true }).click();

/** Typing cannot make half a character; a paste from another program can. */
const pasteRaw = (page: Page, text: string) =>
  field(page).evaluate((element, value) => {
    if (!(element instanceof HTMLTextAreaElement)) return;
    element.setRangeText(value, 0, element.value.length, 'end');
    element.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);

async function refused(page: Page, why: string): Promise<void> {
  const sent: string[] = [];
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())));
  await seal(page);
  await page.getByRole('alert').filter({ hasText: why }).waitFor();
  expect(sent).toEqual([]);
  expect(await field(page).evaluate((own) => own === document.activeElement)).toBe(true);
  expect(await field(page).getAttribute('aria-invalid')).toBe('true');
}

async function arrives(text: string): Promise<void> {
  const sender = await portal.visitor();
  const { link } = await handOver(sender.page, text);
  const { page } = await portal.visitor();
  await openLink(page, link);
  await page.getByRole('button', { name: 'Reveal' }).click();
  expect(await plaintext(page).textContent()).toBe(text);
}

describe('a text that cannot be sealed', () => {
  it('is asked for when it is empty', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await refused(page, 'There is nothing to seal yet');
  });

  it('is kept when it is one byte too long, and sealed once it is shorter', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    const long = `\u{1F525}${'x'.repeat(MAX - 3)}`;
    await field(page).fill(long);
    await refused(page, 'This is longer than the 300 bytes');
    expect(await field(page).inputValue()).toBe(long);
    await field(page).fill(long.slice(0, -1));
    await seal(page);
    await takeLinks(page);
  });

  it('is kept when it holds half a character', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await pasteRaw(page, 'half \ud83d of one');
    await refused(page, 'There is half of a character');
    const units = await field(page).evaluate((own) =>
      [...(own as HTMLTextAreaElement).value].map((c) => c.codePointAt(0)),
    );
    expect(units).toContain(0xd83d);
  });

  it('is kept when only the server knows that it is too long', async () => {
    const { page } = await portal.visitor();
    const generous = { secretMaxBytes: 100_000 };
    await page.route('**/policy', (route) => route.fulfill({ json: generous }));
    await page.goto('/');
    await field(page).fill('y'.repeat(MAX * 200));
    await seal(page);
    await page.getByRole('alert').waitFor();
    expect(await field(page).inputValue()).toBe('y'.repeat(MAX * 200));
  });
});

describe('a text at the limits', () => {
  it('arrives when it is as long as it may be', () => arrives('\u00e9'.repeat(MAX / 2)));

  it('arrives with emoji, both directions of writing, and markup', () =>
    arrives(
      '\u{1F468}\u200d\u{1F469}\u200d\u{1F467} \u05e9\u05dc\u05d5\u05dd <img src=x onerror=alert(1)> {{x}}\n\ttab',
    ));

  it('arrives when it is a single space', () => arrives(' '));
});
