import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { violations } from './kit/axe.js';
import { useStage } from './kit/stage.js';
import { createStates, receiptStates, revealStates, troubleStates } from './kit/states.js';

const stage = useStage();
const SHOTS = process.env['SHOTS_DIR'];
const WIDE = { width: 1280, height: 900 };
/** 640 CSS pixels are 1280 at 200% zoom; WCAG 1.4.10 asks for 320. */
const NARROW = [640, 320];

/** For people: `SHOTS_DIR=folder` keeps a picture of every state. */
async function picture(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true, animations: 'disabled' });
}

/** Elements that reach over the right edge of the window, other than those that scroll by themselves. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? `${scrollWidth} pixels of page in ${clientWidth}` : 'fits';
  });

/** Colour transitions between the themes must be over before contrast is measured. */
const settle = (page: Page) =>
  page.evaluate(() =>
    Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))),
  );

const states = { ...createStates, ...revealStates, ...troubleStates, ...receiptStates };

describe('every page in every state', () => {
  it.each(Object.keys(states))(
    '%s: axe finds nothing in light and dark, and nothing overflows',
    async (name) => {
      const { page } = await stage.visitor({ reducedMotion: 'reduce', viewport: WIDE });
      await states[name]?.({ page, api: stage.api });
      await page.waitForLoadState('networkidle');
      await settle(page);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await page.title()).not.toBe('');
      expect(await violations(page)).toEqual([]);
      await picture(page, `${name}-light-1280`);

      await page.emulateMedia({ colorScheme: 'dark' });
      await settle(page);
      expect(await violations(page, ['color-contrast'])).toEqual([]);
      await picture(page, `${name}-dark-1280`);

      for (const width of NARROW) {
        await page.setViewportSize({ width, height: 720 });
        expect([width, await overflow(page)]).toEqual([width, 'fits']);
      }
      expect(await violations(page, ['target-size', 'scrollable-region-focusable'])).toEqual([]);
      await picture(page, `${name}-dark-320`);
      await page.emulateMedia({ colorScheme: 'light' });
      await picture(page, `${name}-light-320`);
    },
  );
});

describe('in German, whose words are longer', () => {
  it('nothing overflows at 320 pixels and axe finds nothing', async () => {
    const { url, receiptUrl } = await stage.api.create({ passphrase: 'lang' });
    const { page } = await stage.visitor({ locale: 'de-DE', viewport: { width: 320, height: 720 } });
    for (const [at, path] of ['/', url, receiptUrl, '/s/1234'].entries()) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      expect([path, await overflow(page)]).toEqual([path, 'fits']);
      expect(await violations(page)).toEqual([]);
      await picture(page, `german-${at}-320`);
    }
  });
});
