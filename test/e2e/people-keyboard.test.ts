import { describe, expect, it } from '@jest/globals';

import { ADMIN } from '../int/kit/people.js';
import { focused, roundTrip, tabTo } from './kit/keyboard.js';
import { adminEnv } from './kit/people-fixture.js';
import { adminStates, signInStates, tokenStates } from './kit/people-states.js';
import { usePortal } from './kit/portal-fixture.js';
import { heading } from './kit/steps.js';

const portal = usePortal(adminEnv);
const { 'login-provider-down': login } = signInStates;
const { 'tokens-new': tokens } = tokenStates;
const { 'admin-overview': overview, 'admin-secrets': secrets, 'admin-audit': audit } = adminStates;
const PAGES = Object.entries({ login, tokens, overview, secrets, audit });

describe('people who sign in, without a mouse', () => {
  it('the administrator signs in, burns a secret, and signs out', async () => {
    const made = await portal.api.create();
    const { page } = await portal.visitor();
    const shows = (text: string) => heading(page).filter({ hasText: text }).waitFor();
    await page.goto('/admin');
    await shows('Sign in');
    await tabTo(page, 'input: Name');
    await page.keyboard.type(ADMIN.username);
    await tabTo(page, 'input: Password');
    await page.keyboard.type(ADMIN.password);
    await page.keyboard.press('Enter');
    await shows('Overview');
    // Until the trail has it; the list of live secrets is read from there, too.
    await page.getByRole('img', { name: /^Handed over: once/ }).waitFor();
    await tabTo(page, 'a: Live secrets');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Burn ${made.ref}` }).waitFor();
    await tabTo(page, `button: Burn ${made.ref}`);
    await page.keyboard.press('Enter');
    // The question takes the focus, so that it need not be searched for.
    await page.getByRole('button', { name: 'Burn', exact: true }).waitFor();
    if ((await focused(page)) !== 'button: Burn') await tabTo(page, 'button: Burn');
    await page.keyboard.press('Enter');
    await page.getByText('It is burned.').waitFor();
    expect(await portal.api.state(made.id)).toBe('secret_gone');
    await tabTo(page, `button: Signed in as ${ADMIN.username}`);
    await page.keyboard.press('Enter');
    await tabTo(page, 'button: Sign out');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/login?signedOut');
    await page.getByRole('textbox', { name: 'Name' }).waitFor();
  });

  it.each(PAGES)('the focus can be seen at every stop of %s, light and dark', async (_name, lead) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await portal.visitor({ colorScheme, reducedMotion: 'reduce' });
      await lead?.(page);
      const stops = await roundTrip(page);
      expect(stops.length).toBeGreaterThan(4);
      expect(stops.filter(({ visible }) => !visible)).toEqual([]);
    }
  });
});
