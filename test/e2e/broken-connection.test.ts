import { afterEach, describe, expect, it } from '@jest/globals';

import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal, heading, plaintext, readText, untilBurned } from './kit/steps.js';

const SECRET = 'survives a tunnel';
const portal = usePortal();

const claimOf = (body: string | null) => (JSON.parse(body ?? '{}') as { claim?: string }).claim;

afterEach(() => portal.relay.mend());

describe('a connection that breaks after the seal was broken', () => {
  it('says so, keeps the claim, and gets the text by trying again', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    const sent: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/reveal')) sent.push(claimOf(request.postData()));
    });
    await page.goto(link);
    portal.relay.cutAnswersTo(/^POST \S+\/reveal /);
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The connection broke' }).waitFor();
    expect(await portal.api.state(id)).toBe('claimed');

    portal.relay.mend();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(page).innerText()).toBe(SECRET);
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(sent[1]).toBe(sent[0]);
    await untilBurned(page);
    expect(await portal.api.state(id)).toBe('secret_gone');
  });

  it('survives a reload of the tab, but tells another tab that it was opened', async () => {
    const { link } = await createSealed(portal.api, SECRET);
    const reader = await portal.visitor();
    await reader.page.goto(link);
    portal.relay.cutAnswersTo(/^POST \S+\/reveal /);
    await breakSeal(reader.page).click();
    await heading(reader.page).filter({ hasText: 'The connection broke' }).waitFor();
    portal.relay.mend();

    const other = await portal.visitor();
    await other.page.goto(link);
    await heading(other.page).filter({ hasText: 'Someone opened this on' }).waitFor();
    expect(await breakSeal(other.page).count()).toBe(0);

    await reader.page.reload();
    await reader.page.getByText('You opened this in this tab a moment ago.').waitFor();
    await breakSeal(reader.page).click();
    await reader.page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(reader.page).innerText()).toBe(SECRET);
  });

  it('loses nothing when it was offline before the request', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page, context } = await portal.visitor();
    await page.goto(link);
    await breakSeal(page).waitFor();
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The connection broke' }).waitFor();
    expect(await portal.api.state(id)).toBe('live');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
  });

  it('shows the text and tells the server later when only the acknowledgement is lost', async () => {
    const { link, id } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    await page.goto(link);
    portal.relay.cutAnswersTo(/^POST \S+\/acknowledge /, 2);
    await breakSeal(page).click();
    await readText(page);
    expect(portal.relay.cuts()).toBe(2);
    expect(await portal.api.state(id)).toBe('secret_gone');
  });

  it('does not even notice when the browser asks again by itself', async () => {
    const { link } = await createSealed(portal.api, SECRET);
    const { page } = await portal.visitor();
    await page.goto(link);
    portal.relay.cutAnswersTo(/^POST \S+\/reveal /, 1);
    await breakSeal(page).click();
    await page.getByRole('heading', { name: 'The document' }).waitFor();
    expect(portal.relay.cuts()).toBe(1);
  });

  it('keeps the draft when sealing fails, and seals it at the second try', async () => {
    const { page, context } = await portal.visitor();
    await page.goto('/');
    const field = page.getByRole('textbox', { name: 'Secret' });
    await field.fill(SECRET);
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Seal', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'could not be reached' }).waitFor();
    expect(await field.inputValue()).toBe(SECRET);
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Seal', exact: true }).click();
    await page.getByRole('heading', { name: 'Sealed and ready to hand over' }).waitFor();
  });
});
