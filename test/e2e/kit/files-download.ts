import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';

import type { CreatedSecret } from '@burnbag/contract';
import { Encrypter, identityToRecipient } from 'age-encryption';
import type { Download, Page } from 'playwright-core';

import type { Api } from './api.js';
import { keysOfLink } from './sealed.js';

export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface FilesWishes {
  readonly note?: string;
  readonly passphrase?: string;
  readonly maxViews?: number;
}

export interface Handed {
  readonly id: string;
  readonly link: string;
  readonly receiptUrl: string;
}

const TUS = { 'Tus-Resumable': '1.0.0' };

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function ok(answer: Response, status: number): Promise<Response> {
  if (answer.status !== status)
    throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** Uploads a payload by the tus protocol, and makes a secret of it. */
async function handOver(api: Api, payload: Uint8Array, completion: object): Promise<CreatedSecret> {
  const begun = await ok(
    await fetch(`${api.url}/api/v1/uploads`, {
      method: 'POST',
      headers: { ...TUS, 'Upload-Length': String(payload.length) },
    }),
    201,
  );
  const upload = new URL(begun.headers.get('Location') ?? '', api.url).href;
  const headers = { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
  if (payload.length > 0)
    await ok(await fetch(upload, { method: 'PATCH', headers, body: new Uint8Array(payload) }), 204);
  const completed = await fetch(`${upload}/complete`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(completion),
  });
  return (await (await ok(completed, 201)).json()) as CreatedSecret;
}

/** Hands over sealed files as any other program could, with the reference age library. */
export async function handOverSealed(
  api: Api,
  files: readonly GivenFile[],
  { note, passphrase, maxViews }: FilesWishes = {},
): Promise<Handed> {
  const linkKey = randomBytes(32);
  const { identity, proof } = keysOfLink(linkKey, passphrase);
  const recipient = await identityToRecipient(identity);
  const seal = (bytes: Uint8Array): Promise<Uint8Array> => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    return encrypter.encrypt(bytes);
  };
  const entries = files.map(({ name, bytes }) => ({ name, type: '', size: bytes.length }));
  const manifest = Buffer.from(JSON.stringify({ ...(note !== undefined && { note }), files: entries }));
  const { id, url, receiptUrl } = await handOver(
    api,
    await seal(Buffer.concat(files.map(({ bytes }) => bytes))),
    {
      sealed: true,
      content: Buffer.from(await seal(manifest)).toString('base64'),
      proofHash: createHash('sha256').update(proof).digest('base64url'),
      passphraseRequired: passphrase !== undefined,
      fileCount: files.length,
      fileBytes: entries.reduce((sum, { size }) => sum + size, 0),
      ...(maxViews !== undefined && { maxViews }),
    },
  );
  return { id, link: `${url}#${linkKey.toString('base64url')}`, receiptUrl };
}

/** Hands over files as `curl -F` does: the server encrypts them. */
export async function handOverPlain(
  api: Api,
  files: readonly GivenFile[],
  wishes: FilesWishes = {},
): Promise<Handed> {
  const form = new FormData();
  for (const { name, bytes } of files) form.append('file', new Blob([new Uint8Array(bytes)]), name);
  for (const [field, value] of Object.entries(wishes)) form.append(field, String(value));
  const answer = await fetch(`${api.url}/api/v1/files`, { method: 'POST', body: form });
  const { id, url, receiptUrl } = (await (await ok(answer, 201)).json()) as CreatedSecret;
  return { id, link: url, receiptUrl };
}

/** A file as it lies in the reader's folder. */
export interface SavedFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly hash: string;
}

export async function savedFile(download: Download): Promise<SavedFile> {
  const path = await download.path();
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return {
    name: download.suggestedFilename(),
    path,
    size: statSync(path).size,
    hash: hash.digest('hex'),
  };
}

/** Presses a button and waits for the file that it saves. */
export async function save(page: Page, button: string | RegExp): Promise<SavedFile> {
  const coming = page.waitForEvent('download', { timeout: 120_000 });
  await page.getByRole('button', { name: button, exact: true }).click();
  return savedFile(await coming);
}

/** Opens a link and breaks the seal; the files are then on the page. */
export async function openFiles(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Break the seal' }).click();
  await filesHeading(page).waitFor();
}

export const filesHeading = (page: Page) =>
  page.getByRole('heading', { level: 1, name: /^The (file|\d+ files)$/ });

/** Makes the way from the server narrow. @param bytesPerSecond -1 for as wide as it is */
export async function slowDown(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: -1,
  });
}

/** Waits until the bar of a download shows at least this percentage. */
export const untilShare = (page: Page, least: number) =>
  page.waitForFunction(
    (wanted) =>
      Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? 0) >= wanted,
    least,
  );
