import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { ADMIN } from '../int/kit/people.js';
import { until } from '../int/kit/portal.js';
import { adminEnv, signInAsAdmin } from './kit/people-fixture.js';
import { usePortal } from './kit/portal-fixture.js';
import { heading } from './kit/steps.js';

const portal = usePortal(adminEnv);

describe('the local administrator', () => {
  it('signs in, sees, unlocks, burns, searches, exports, verifies and signs out', async () => {
    const locked = await portal.api.create({ passphrase: 'right' });
    const other = await portal.api.create();
    for (let tries = 0; tries < 5; tries += 1) await portal.api.reveal(locked.id, { passphrase: 'wrong' });
    expect(await portal.api.state(locked.id)).toBe('locked');

    const { page, context } = await portal.visitor();
    const shows = (text: string) => heading(page).filter({ hasText: text }).waitFor();
    const part = (name: string) => page.getByRole('link', { name, exact: true }).click();
    await page.goto('/admin');
    await shows('Sign in');
    await signInAsAdmin(page, 'a guess');
    await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.keyboard.press('Enter');
    await shows('Overview');
    await page.getByRole('img', { name: /^Handed over: 2 times/ }).waitFor();
    await page.getByRole('img', { name: /^Locked: once/ }).waitFor();

    await part('Live secrets');
    await page.getByRole('button', { name: `Unlock ${locked.ref}` }).click();
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByText('It is unlocked.').waitFor();
    expect(await portal.api.state(locked.id)).toBe('live');
    await page.getByRole('button', { name: `Burn ${other.ref}` }).click();
    await page.getByRole('button', { name: 'Burn', exact: true }).click();
    await page.getByText('It is burned.').waitFor();
    expect(await portal.api.state(other.id)).toBe('secret_gone');
    const words = await page.getByRole('main').innerText();
    expect(words).not.toContain(locked.id);

    const burned = () => page.evaluate(async () => (await fetch('/api/v1/admin/audit?action=burned')).text());
    // The relay brings the event a moment later.
    await until(async () => (await burned()).includes(other.ref));
    await part('Audit trail');
    await page.getByRole('combobox', { name: 'What' }).selectOption('Burned');
    await page.getByRole('button', { name: 'Search' }).click();
    // Until the answer is there the table shows all that happened to it.
    const row = page.getByRole('row', { name: new RegExp(other.ref.slice(0, 8)) });
    await page.getByRole('cell', { name: 'Handed over' }).first().waitFor({ state: 'detached' });
    await row.waitFor();
    expect(await row.innerText()).toContain(ADMIN.username);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as CSV' }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8');
    expect(csv).toContain(other.ref);
    expect(csv).not.toContain(locked.ref);

    await part('State');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('The trail is intact.').waitFor();
    await part('Sessions');
    await page.getByText('(you)').waitFor();
    await page.getByRole('button', { name: 'Signed in as root' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    expect(await context.cookies()).toEqual([]);
    await page.goto('/admin');
    await shows('Sign in');
  });
});

describe('where only the administrator signs in', () => {
  it('readers and senders ask nothing about it, and see the quiet way in', async () => {
    const { url } = await portal.api.create();
    const { page } = await portal.visitor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(url);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(asked).not.toContain('/api/v1/auth/session');
  });
});
