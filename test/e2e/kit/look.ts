import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { violations } from './axe.js';

const SHOTS = process.env['SHOTS_DIR'];
/** 640 CSS pixels are 1280 at 200% zoom; WCAG 1.4.10 asks for 320. */
const NARROW = [640, 320];

/** For people: `SHOTS_DIR=folder` keeps a picture of every state. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true, animations: 'disabled' });
}

/** Elements that reach over the right edge of the window, other than those that scroll by themselves. */
export const overflow = (page: Page, width: number): Promise<string[]> =>
  page.evaluate((wanted) => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`${scrollWidth} pixels of page in ${wanted}`] : [];
  }, width);

/** Colour transitions between the themes must be over before contrast is measured. What never ends is not waited for. */
const settle = (page: Page): Promise<unknown> =>
  page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished.catch(() => undefined)),
    ),
  );

/** Looks at a page as it stands, in both themes and three widths. @returns what axe finds and what does not fit */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  await settle(page);
  const found = await violations(page);
  if ((await page.getByRole('heading', { level: 1 }).count()) !== 1) found.push('not one heading');
  await picture(page, `${name}-light-1280`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await settle(page);
  found.push(...(await violations(page, ['color-contrast'])));
  await picture(page, `${name}-dark-1280`);
  for (const width of NARROW) {
    await page.setViewportSize({ width, height: 720 });
    found.push(...(await overflow(page, width)));
  }
  found.push(...(await violations(page, ['target-size', 'scrollable-region-focusable'])));
  await picture(page, `${name}-dark-320`);
  await page.emulateMedia({ colorScheme: 'light' });
  await picture(page, `${name}-light-320`);
  return found;
}
