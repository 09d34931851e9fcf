import { beforeEach, describe, expect, it } from '@jest/globals';

import { createSealed } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { breakSeal } from './kit/steps.js';

const SECRET = 'still here';
const portal = usePortal();

describe.each([
  ['sealed', true],
  ['encrypted by the server', false],
])('a secret %s, looked at but not opened', (_kind, sealed) => {
  let secret: { id: string; link: string; proof?: string };

  beforeEach(async () => {
    if (sealed) secret = await createSealed(portal.api, SECRET);
    else {
      const { id, url } = await portal.api.create({ content: SECRET });
      secret = { id, link: url };
    }
  });

  /** Not only said to be live: it opens. */
  const isStillThere = async (): Promise<void> => {
    expect(await portal.api.state(secret.id)).toBe('live');
    const { id, proof } = secret;
    const answer = await portal.api.reveal(id, proof ? { proof } : {});
    expect(answer.status).toBe(200);
  };

  it('survives loading the page, waiting on it and reloading it', async () => {
    const { page } = await portal.visitor();
    for (let visits = 0; visits < 2; visits += 1) {
      await page.goto(secret.link);
      await page.reload();
      await breakSeal(page).waitFor();
      await page.waitForLoadState('networkidle');
    }
    await isStillThere();
  });

  it('survives the tab being closed before the deliberate act', async () => {
    const { page, context } = await portal.visitor();
    await page.goto(secret.link);
    await breakSeal(page).focus();
    await page.getByRole('button', { name: 'I did not expect this: destroy it unread' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.close({ runBeforeUnload: true });
    await context.close();
    await isStillThere();
  });

  it('survives prefetch, previews and HEAD of the page and of the API', async () => {
    const page = new URL(secret.link).pathname;
    const script = `/api/v1/secrets/${secret.id}`;
    for (const path of [page, script, `${script}/status`]) {
      await fetch(portal.url + path, { method: 'HEAD' });
      await fetch(portal.url + path, { method: 'OPTIONS' });
      await fetch(portal.url + path, {
        headers: { 'Sec-Purpose': 'prefetch;prerender', Purpose: 'prefetch' },
      });
      await fetch(portal.url + path, {
        headers: { 'X-Moz': 'prefetch', 'User-Agent': 'Slackbot-LinkExpanding' },
      });
    }
    await isStillThere();
  });

  it('survives a browser that prefetches it, and one that opens the address of the script', async () => {
    const { page } = await portal.visitor();
    await page.goto('/');
    await page.evaluate((href) => {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href }));
    }, secret.link);
    await page.waitForLoadState('networkidle');
    const navigated = await page.goto(`/api/v1/secrets/${secret.id}`);
    expect([400, 403]).toContain(navigated?.status());
    await isStillThere();
  });

  it('survives a scanner that presses the button without the key of the link', async () => {
    if (!sealed) return isStillThere();
    const { page } = await portal.visitor();
    await page.goto(secret.link.replace(/#.*/, ''));
    await page.getByRole('heading', { name: 'This link is cut off' }).waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    expect((await portal.api.reveal(secret.id)).status).toBeGreaterThanOrEqual(400);
    await isStillThere();
  });
});
