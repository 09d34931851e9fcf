import { describe, expect, it } from '@jest/globals';

import { usePortal } from './kit/portal-fixture.js';
import { handOver, openLink, plaintext, readText, untilBurned } from './kit/steps.js';

const portal = usePortal();

/** The bytes of a text in every form in which it could travel unnoticed. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encodings = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...encodings];
}

/** Everything on the relay, except what goes by TCP segments in between. */
const log = () => `${portal.relay.sent()}\n${portal.relay.received()}`;

describe('the network log of a sealed handoff', () => {
  it('holds neither the plaintext nor the key of the link, of the sender and of the reader', async () => {
    const secret = 'network-log-plaintext';
    const sender = await portal.visitor();
    const { link, fragment, id } = await handOver(sender.page, secret);
    const reader = await portal.visitor();
    await openLink(reader.page, link);
    await reader.page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(reader.page).innerText()).toBe(secret);
    await untilBurned(reader.page);

    const seen = log();
    expect(seen).toContain(`POST /api/v1/secrets/${id}/reveal`);
    const key = Buffer.from(fragment, 'base64url');
    const never = [...forms(secret), fragment, key.toString('hex'), key.toString('base64')];
    expect(never.filter((form) => seen.includes(form))).toEqual([]);
  });

  it('holds no passphrase', async () => {
    const passphrase = 'network log passphrase';
    const sender = await portal.visitor();
    const { link } = await handOver(sender.page, 'behind a passphrase', { passphrase });
    const { page } = await portal.visitor();
    await page.goto(link);
    await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase);
    await page.getByRole('button', { name: 'Break the seal' }).click();
    await readText(page);
    const seen = log();
    expect(forms(passphrase).filter((form) => seen.includes(form))).toEqual([]);
    expect(forms('behind a passphrase').filter((form) => seen.includes(form))).toEqual([]);
  });

  it('would show them: a secret that the server encrypts is in it', async () => {
    const sender = await portal.visitor();
    const { link } = await handOver(sender.page, 'the-server-may-see-this', { onServer: true });
    const reader = await portal.visitor();
    await openLink(reader.page, link);
    expect(portal.relay.sent()).toContain('the-server-may-see-this');
    expect(portal.relay.received()).toContain('the-server-may-see-this');
  });

  it('leaves nothing in the storage of either browser', async () => {
    const secret = 'nothing-kept-anywhere';
    const sender = await portal.visitor();
    const { link, fragment } = await handOver(sender.page, secret);
    const reader = await portal.visitor();
    await openLink(reader.page, link);
    await readText(reader.page);
    for (const { context, page } of [sender, reader]) {
      const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      const cookies = await context.cookies();
      const kept = await page.evaluate(() => caches.keys());
      expect({ cookies, caches: kept }).toEqual({ cookies: [], caches: [] });
      for (const form of [...forms(secret), fragment]) expect(storage).not.toContain(form);
    }
  });

  it('asks no other origin, and the policy of the page would not let it', async () => {
    const { page, faults } = await portal.visitor();
    const answer = await page.goto('/');
    expect(answer?.headers()['content-security-policy']).toMatch(/^default-src 'none'/);
    const outcome = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'sent',
        () => 'refused',
      ),
    );
    expect(outcome).toBe('refused');
    expect(faults.splice(0).join('\n')).toMatch(/Content Security Policy/);
  });
});
