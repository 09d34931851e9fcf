import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { Decrypter } from 'age-encryption';

import { keysOfLink } from './kit/sealed.js';
import { usePortal } from './kit/portal-fixture.js';
import { handOver } from './kit/steps.js';

const SECRET = 'opens without Burnbag \u{1F525}\n';
const portal = usePortal();

/** `npm test` finds or brings it; a test that needs it fails without it. */
const AGE = process.env['AGE_BIN'] ?? 'age';

/** Seals in the browser, then fetches the payload as a script that holds the link. */
async function sealAndFetch(passphrase?: string): Promise<{ file: Buffer; identity: string }> {
  const { page } = await portal.visitor();
  const { id, fragment } = await handOver(page, SECRET, passphrase === undefined ? {} : { passphrase });
  const { identity, proof } = keysOfLink(Buffer.from(fragment, 'base64url'), passphrase);
  const answer = await portal.api.reveal(id, { proof: proof.toString('base64url') });
  expect(answer.status).toBe(200);
  const { content } = (await answer.json()) as { content: string };
  return { file: Buffer.from(content, 'base64'), identity };
}

async function openByLibrary({ file, identity }: { file: Buffer; identity: string }): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file, 'text');
}

function openByCommand({ file, identity }: { file: Buffer; identity: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-age-'));
  try {
    writeFileSync(join(folder, 'identity.txt'), `${identity}\n`, { mode: 0o400 });
    return execFileSync(AGE, ['-d', '-i', join(folder, 'identity.txt')], { input: file, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what the browser sealed', () => {
  it.each([
    ['the link', undefined],
    ['the link and a passphrase', 'G\u00e4nsef\u00fc\u00dfchen'],
  ])(
    'opens with the age library, and with the age command, by the identity from %s',
    async (_from, passphrase) => {
      const sealed = await sealAndFetch(passphrase);
      expect(await openByLibrary(sealed)).toBe(SECRET);
      expect(openByCommand(sealed)).toBe(SECRET);
    },
  );

  it('does not open with another identity', async () => {
    const { file } = await sealAndFetch();
    const { identity } = keysOfLink(Buffer.alloc(32, 7));
    await expect(openByLibrary({ file, identity })).rejects.toThrow(/no identity/);
  });
});
