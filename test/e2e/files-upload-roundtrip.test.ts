import { describe, expect, it } from '@jest/globals';

import { openFiles, save } from './kit/files-download.js';
import { bar, dropFiles, MIB, narrow, noise, seal, sha256 } from './kit/files-upload.js';
import { usePortal } from './kit/portal-fixture.js';
import { heading, plaintext, takeLinks } from './kit/steps.js';

const portal = usePortal();

/** The bytes of a text in the forms in which it could travel unnoticed. */
const forms = (text: string): string[] => {
  const bytes = Buffer.from(text);
  const encoded = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  return [text, encodeURIComponent(text), ...encoded];
};

describe('files from one person to another, each with a browser', () => {
  it('are dropped with a note, opened once, and the same bit by bit; the network log holds none of it', async () => {
    const files = [
      {
        name: 'gehaltsliste-m\u00e4rz.csv',
        bytes: Buffer.concat([Buffer.from('known-plaintext;'), noise(5 * MIB)]),
      },
      { name: 'signed contract.pdf', bytes: noise(200_001), type: 'application/pdf' },
    ];
    const sender = await portal.visitor();
    await sender.page.goto('/');
    await dropFiles(sender.page, files);
    await sender.page.getByRole('textbox', { name: /^Note/ }).fill('note-for-the-reader');
    await narrow(sender.page, 5 * MIB);
    await Promise.all([bar(sender.page).waitFor(), seal(sender.page)]);
    const { link, fragment, receiptLink } = await takeLinks(sender.page);

    const reader = await portal.visitor();
    await openFiles(reader.page, link);
    await reader.page.getByRole('button', { name: 'Reveal' }).click();
    expect(await plaintext(reader.page).innerText()).toBe('note-for-the-reader');
    for (const { name, bytes } of files) {
      const saved = await save(reader.page, `Save: ${name}`);
      expect([saved.name, saved.size, saved.hash]).toEqual([name, bytes.length, sha256(bytes)]);
    }

    const late = await portal.visitor();
    await late.page.goto(link);
    await heading(late.page).filter({ hasText: 'Someone opened this on' }).waitFor();
    await sender.page.goto(receiptLink);
    await sender.page
      .getByText(/2 files/)
      .first()
      .waitFor();

    const log = `${portal.relay.sent()}\n${portal.relay.received()}`;
    expect(log).toContain('PATCH /api/v1/uploads/');
    expect(log).toContain('GET /api/v1/files/');
    const never = [
      ...files.map(({ name }) => name),
      'gehaltsliste',
      'known-plaintext',
      'note-for-the-reader',
      fragment,
    ];
    expect(never.flatMap(forms).filter((form) => log.includes(form))).toEqual([]);
  });
});
