import { describe, expect, it } from '@jest/globals';

import type { Page } from 'playwright-core';

import { signInAsAdmin, signInAtProvider, usePeoplePortal } from './kit/people-fixture.js';
import { handOver, heading, openLink } from './kit/steps.js';

const people = usePeoplePortal();
const { portal } = people;
const shows = (page: Page, text: string) => heading(page).filter({ hasText: text }).waitFor();

describe('while the provider is away', () => {
  it('people are told so, the administrator hands over, and anybody opens; then it goes on', async () => {
    await people.provider.stop();
    const { page } = await portal.visitor();
    await page.goto('/login?returnTo=/nowhere');
    await page.getByRole('link', { name: 'Sign in with your organization' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not answer. Nothing is lost' }).waitFor();
    expect(
      await page.getByRole('link', { name: 'Try again with your organization' }).getAttribute('href'),
    ).toBe('/api/v1/auth/login?returnTo=%2Fnowhere');
    await page.getByText('Sign in as the local administrator').click();
    await signInAsAdmin(page);
    await shows(page, 'There is no such page');
    const { link } = await handOver(page, 'handed over meanwhile');

    const reader = await portal.visitor();
    await openLink(reader.page, link);
    await people.provider.start();
    const staff = await portal.visitor();
    await staff.page.goto('/login?returnTo=/tokens');
    await staff.page.getByRole('link', { name: 'Sign in with your organization' }).click();
    await signInAtProvider(staff.page, 'alice');
    await shows(staff.page, 'API tokens');
  });
});

describe('who signs in at the provider', () => {
  it('is led there from a page that needs it, and back to it; signs out there, too', async () => {
    const { page, context } = await portal.visitor();
    await page.goto('/tokens');
    await shows(page, 'Sign in');
    await page.getByRole('link', { name: 'Sign in with your organization' }).click();
    await signInAtProvider(page, 'alice');
    await shows(page, 'API tokens');
    expect(new URL(page.url()).pathname).toBe('/tokens');
    const cookie = (await context.cookies()).find(({ name }) => name === '__Host-burnbag');
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });

    await page.goto('/admin');
    await shows(page, 'This page is for administrators');
    await page.getByRole('button', { name: 'Signed in as Alice' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: /sign-out/i }).waitFor();
    await page.goto('/tokens');
    await shows(page, 'Sign in');
  });

  it('makes a token that works for a script at once, and no more once it is revoked', async () => {
    const { page } = await portal.visitor();
    await page.goto('/login?returnTo=/tokens');
    await page.getByRole('link', { name: 'Sign in with your organization' }).click();
    await signInAtProvider(page, 'bob');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('deploy');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = (await page.getByTestId('token').textContent()) ?? '';
    const create = () =>
      fetch(`${portal.url}/api/v1/secrets`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ content: 'by a script' }),
      });
    expect((await create()).status).toBe(201);

    await page.reload();
    const row = page.getByRole('row', { name: /deploy/ });
    await row.waitFor();
    expect(await row.innerText()).not.toContain('never');
    expect(await page.getByRole('main').innerText()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke deploy' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('“deploy” is revoked.').waitFor();
    const refused = await create();
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'token_invalid' });
  });
});
