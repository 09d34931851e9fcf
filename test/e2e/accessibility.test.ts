import { describe, expect, it } from '@jest/globals';

import { violations } from './kit/axe.js';
import { faultsOf, overflow, picture } from './kit/look.js';
import { usePortal } from './kit/portal-fixture.js';
import { heading } from './kit/steps.js';
import { createStates, receiptStates, revealStates, troubleStates } from './kit/states.js';

const portal = usePortal();
const WIDE = { width: 1280, height: 900 };

const states = { ...createStates, ...revealStates, ...troubleStates, ...receiptStates };

describe('every page in every state', () => {
  it.each(Object.keys(states))(
    '%s: axe finds nothing in light and dark, and nothing overflows',
    async (name) => {
      const { page } = await portal.visitor({ reducedMotion: 'reduce', viewport: WIDE });
      await states[name]?.({ page, api: portal.api });
      await heading(page).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.title()).not.toBe('');
      expect(await faultsOf(page, name)).toEqual([]);
    },
  );
});

describe('in German, whose words are longer', () => {
  it('nothing overflows at 320 pixels and axe finds nothing', async () => {
    const { url, receiptUrl } = await portal.api.create({ passphrase: 'lang' });
    const { page } = await portal.visitor({
      locale: 'de-DE',
      reducedMotion: 'reduce',
      viewport: { width: 320, height: 720 },
    });
    for (const [at, path] of ['/', url, receiptUrl, '/s/1234'].entries()) {
      await page.goto(path);
      await heading(page).waitFor();
      await page.waitForLoadState('networkidle');
      expect([path, ...(await overflow(page, 320))]).toEqual([path]);
      expect(await violations(page)).toEqual([]);
      await picture(page, `german-${at}-320`);
    }
  });
});
