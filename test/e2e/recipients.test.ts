import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { until } from '../int/kit/portal.js';
import { signInAtProvider, usePeoplePortal } from './kit/people-fixture.js';
import { breakSeal, heading, plaintext, takeLinks } from './kit/steps.js';

const SECRET = 'for the eyes of Alice: pa55 \u{1F511}';
const people = usePeoplePortal();
const { portal } = people;

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const shows = (page: Page, text: string) => heading(page).filter({ hasText: text }).waitFor();

/** Everything that this tab keeps. */
const kept = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));

describe('a secret for one person, from the sign-in to the opening', () => {
  it('is written before the sign-in, opened by the right person, and by no one else', async () => {
    const sender = await portal.visitor();
    const { page } = sender;
    await page.goto('/');
    await page.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
    await press(page, 'for anyone with the link');
    await page.getByRole('textbox', { name: 'Who may open it' }).fill('alice@corp.example');
    await press(page, 'Seal');
    const opening = sender.context.waitForEvent('page');
    await page.getByRole('link', { name: 'Sign in in another tab' }).click();
    const tab = await opening;
    await tab.getByRole('link', { name: 'Sign in with your organization' }).click();
    await signInAtProvider(tab, 'bob');
    await tab.close();
    await page.bringToFront();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.getByText('You are signed in as Bob now').waitFor();
    expect(await kept(page)).not.toContain('pa55');
    await press(page, 'Seal');
    const { link, fragment, receiptLink } = await takeLinks(page);

    const reader = await portal.visitor();
    const seen: string[] = [];
    reader.page.on('request', (request) => seen.push(request.url(), request.postData() ?? ''));
    await reader.page.goto(link);
    await shows(reader.page, 'Sign in to open this');
    await press(reader.page, 'Sign in');
    await signInAtProvider(reader.page, 'bob');
    await shows(reader.page, 'This is for another person');
    await reader.page.getByText('bob@corp.example is not among them').waitFor();
    expect(new URL(reader.page.url()).hash).toBe(`#${fragment}`);
    await press(reader.page, 'Sign in with another account');
    await signInAtProvider(reader.page, 'alice');
    await reader.page.getByText('you are one of them').waitFor();
    expect(await kept(reader.page)).not.toContain(fragment);
    await breakSeal(reader.page).click();
    await press(reader.page, 'Reveal');
    expect(await plaintext(reader.page).textContent()).toBe(SECRET);
    expect(seen.join('\n')).not.toContain(fragment);

    await page.goto(receiptLink);
    const happened = page.getByRole('list', { name: 'What happened' });
    // The relay brings the events a moment later.
    await until(async () => {
      await press(page, 'Refresh');
      return (await happened.getByText('Opened by alice@corp.example').count()) === 1;
    });
    expect(await happened.textContent()).toContain('Another person tried to open it');
    expect(await page.content()).not.toContain('bob@corp.example');
  });

  it('waits while the provider is down, and loses nothing; what needs no sign-in opens', async () => {
    const sender = await portal.visitor();
    const { page } = sender;
    await page.goto('/login');
    await page.getByRole('link', { name: 'Sign in with your organization' }).click();
    await signInAtProvider(page, 'bob');
    const make = (fields: object) =>
      page.evaluate(async (json) => {
        const headers = { 'content-type': 'application/json', 'x-burnbag-csrf': '1' };
        const answer = await fetch('/api/v1/secrets', {
          method: 'POST',
          headers,
          body: JSON.stringify(json),
        });
        return ((await answer.json()) as { url: string }).url;
      }, fields);
    const named = await make({ content: SECRET, recipients: ['alice@corp.example'] });
    const open = await make({ content: 'for anyone' });
    await people.provider.stop();

    const reader = await portal.visitor();
    await reader.page.goto(open);
    await breakSeal(reader.page).click();
    await press(reader.page, 'Reveal');
    expect(await plaintext(reader.page).textContent()).toBe('for anyone');
    await reader.page.goto(`${named}#kept`);
    await press(reader.page, 'Sign in');
    await reader.page.getByRole('alert').filter({ hasText: 'does not answer. Nothing is lost' }).waitFor();

    await people.provider.start();
    await reader.page.getByRole('link', { name: 'Try again with your organization' }).click();
    await signInAtProvider(reader.page, 'alice');
    await reader.page.getByText('you are one of them').waitFor();
    expect(new URL(reader.page.url()).hash).toBe('#kept');
    await breakSeal(reader.page).click();
    await press(reader.page, 'Reveal');
    expect(await plaintext(reader.page).textContent()).toBe(SECRET);
  });
});
