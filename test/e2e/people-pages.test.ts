import { describe, expect, it } from '@jest/globals';

import { violations } from './kit/axe.js';
import { faultsOf, overflow, picture } from './kit/look.js';
import { adminAnswers, adminStates, answering, signInStates, tokenStates } from './kit/people-states.js';
import { heading } from './kit/steps.js';
import { usePortal } from './kit/portal-fixture.js';

const portal = usePortal();
const states = { ...signInStates, ...tokenStates, ...adminStates };

describe('the pages of people who sign in', () => {
  it.each(Object.entries(states))(
    '%s: axe finds nothing in light and dark, and nothing overflows',
    async (name, lead) => {
      const { page } = await portal.visitor({ reducedMotion: 'reduce' });
      await lead(page);
      expect(await faultsOf(page, name)).toEqual([]);
    },
  );

  it('in German, whose words are longer, nothing overflows either', async () => {
    const { page } = await portal.visitor({
      locale: 'de-DE',
      reducedMotion: 'reduce',
      viewport: { width: 320, height: 720 },
    });
    await answering(page, { ...adminAnswers, '/tokens': adminAnswers['/admin/tokens'] });
    for (const part of ['', '/secrets', '/audit', '/system', '/tokens', '/sessions', 'login', 'own']) {
      const path = { login: '/login', own: '/tokens' }[part] ?? `/admin${part}`;
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await heading(page).waitFor();
      await picture(page, `german${path.replaceAll('/', '-')}-320`);
      expect([path, ...(await overflow(page, 320))]).toEqual([path]);
      expect([path, ...(await violations(page))]).toEqual([path]);
    }
  });
});
