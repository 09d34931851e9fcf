import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Decrypter } from 'age-encryption';
import type { CDPSession, Page } from 'playwright-core';

import type { Api } from './api.js';
import { keysOfLink } from './sealed.js';
import type { HandedOver } from './steps.js';

export const MIB = 1_048_576;
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A folder with files of a sender. */
export class TempFiles {
  private readonly folder = mkdtempSync(join(tmpdir(), 'burnbag-files-'));

  /** @returns its path */
  put(name: string, bytes: Uint8Array | string): string {
    const path = join(this.folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  clear = (): void => rmSync(this.folder, { recursive: true });
}

/** A file of random bytes, so that nothing about it can be guessed or compressed. */
export const noise = (bytes: number): Buffer => randomBytes(bytes);

/** Chooses files by the button and the browser's dialog, whichever page asks for some. */
export async function choose(page: Page, paths: readonly string[]): Promise<void> {
  const dialog = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^(Add files|Add more files|Choose the same files?)$/ }).click();
  await (await dialog).setFiles([...paths]);
}

/** Drops files on the page, somewhere. */
export async function dropFiles(
  page: Page,
  files: readonly { name: string; bytes: Uint8Array; type?: string }[],
): Promise<void> {
  const given = files.map(({ name, bytes, type }) => ({
    name,
    type: type ?? '',
    base64: Buffer.from(bytes).toString('base64'),
  }));
  const data = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, given);
  // What stands there before the app does takes no files.
  await page.locator('[data-shell]').first().waitFor({ state: 'detached' });
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.getByText('Let go to add the files').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true }).click();
export const seal = (page: Page) => press(page, 'Seal');
export const bar = (page: Page) => page.getByRole('progressbar', { name: 'Progress' });

/** How far the bar is, in percent. */
export const percent = async (page: Page): Promise<number> =>
  Number(await bar(page).getAttribute('aria-valuenow'));

/** Writes down from now on where the bar stands, each time that it moves. @returns asks the page for that */
export async function watchBar(page: Page): Promise<() => Promise<number[]>> {
  const seen = await page.evaluateHandle(() => {
    const shares: number[] = [];
    const look = (): void => {
      const share = document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow');
      if (share && Number(share) !== shares.at(-1)) shares.push(Number(share));
    };
    const watched = { subtree: true, childList: true, attributeFilter: ['aria-valuenow'] };
    new MutationObserver(look).observe(document.body, watched);
    return shares;
  });
  return () => seen.jsonValue();
}

/** Waits until the bar says at least so much. */
export const untilPercent = (page: Page, least: number) =>
  page.waitForFunction(
    (wanted) =>
      Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? 0) >= wanted,
    least,
  );

/** Makes the way to the server narrow. @param bytesPerSecond upwards; -1 for as wide as it is */
export async function narrow(page: Page, bytesPerSecond: number): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await throttle(session, bytesPerSecond);
  return session;
}

/** From now on next to nothing arrives: what is under way stays so until {@link throttle} or the end. */
export const linger = (session: CDPSession) => throttle(session, 32_768);

/** Takes the network away, which breaks what is under way. {@link throttle} brings it back. */
export const unplug = (session: CDPSession) => throttle(session, -1, true);

export const throttle = (session: CDPSession, bytesPerSecond: number, offline = false) =>
  session.send('Network.emulateNetworkConditions', {
    offline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });

/** The name of the upload that the page has begun, out of its storage. */
export const uploadIdOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('burnbag.upload') ?? '{}') as { uploadId?: string };
    return kept.uploadId ?? '';
  });

/** @returns the status of a look at an upload */
export async function lookAtUpload(api: Api, uploadId: string): Promise<number> {
  const headers = { 'Tus-Resumable': '1.0.0' };
  return (await fetch(`${api.url}/api/v1/uploads/${uploadId}`, { method: 'HEAD', headers })).status;
}

/** Takes what a link hands over, as any program could: the manifest and all bytes of the files, one after the other. */
export async function takeFiles(
  api: Api,
  { id, fragment }: HandedOver,
  passphrase?: string,
): Promise<{ manifest: unknown; bytes: Buffer }> {
  const { identity, proof } = keysOfLink(Buffer.from(fragment, 'base64url'), passphrase);
  const offer = { proof: proof.toString('base64url'), claim: randomBytes(16).toString('base64url') };
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const revealed = await api.reveal(id, offer);
  if (revealed.status !== 200)
    throw new Error(`reveal answered ${revealed.status}: ${await revealed.text()}`);
  const { content } = (await revealed.json()) as { content: string };
  const manifest: unknown = JSON.parse(await decrypter.decrypt(Buffer.from(content, 'base64'), 'text'));
  const headers = { 'X-Claim': offer.claim, 'X-Proof': offer.proof };
  const answer = await fetch(`${api.url}/api/v1/files/${id}`, { headers });
  if (answer.status !== 200) throw new Error(`the files answered ${answer.status}: ${await answer.text()}`);
  const file = new Uint8Array(await answer.arrayBuffer());
  return { manifest, bytes: Buffer.from(await decrypter.decrypt(file)) };
}
