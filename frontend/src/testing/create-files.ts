import { DEFAULT_POLICY } from '@burnbag/contract';
import { expect } from '@jest/globals';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { Decrypter } from 'age-encryption';
import { deriveFromLinkKey } from '../lib/seal/derive';
import { parseLinkKey } from '../lib/seal/link-key';
import { answers, FakeServer } from './fake-server';
import { FakeUploads, readBlob } from './fake-uploads';
import { openPage } from './open-page';
import { pattern } from './pattern';

export const CREATED = {
  id: '5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  url: 'https://burn.example/s/5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  ref: '00'.repeat(16),
  expiresAt: '2026-11-22T14:03:00.000Z',
  receiptToken: 'T'.repeat(60),
  receiptUrl: `https://burn.example/r#${'T'.repeat(60)}`,
};
export const COMPLETE = 'POST /uploads/00000001-0000-4000-8000-000000000000/complete';
/** Bytes of the first piece of an upload. */
export const PART = 524_288;

export const bytesOf = pattern;
export const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer> | string, at = 1) =>
  new File([bytes], name, { lastModified: at });
export const SMALL = () => [fileOf('keys.pem', bytesOf(70_000, 1)), fileOf('b\u00e4r.txt', 'plain words')];
export const BIG = () => fileOf('dump.sql', bytesOf(PART + 200_000, 3));

/** jsdom's blobs cannot be read by themselves. */
Object.assign(Blob.prototype, {
  arrayBuffer(this: Blob) {
    return readBlob(this);
  },
});

/** Opens the create page before a server in memory. */
export async function start(policy: object = {}) {
  const server = new FakeServer()
    .on('GET /policy', answers.ok({ ...DEFAULT_POLICY, ...policy }))
    .on(COMPLETE, answers.created(CREATED));
  const uploads = new FakeUploads(server);
  const { user, page } = await openPage('/', server);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(server.calls('GET /policy')).toHaveLength(1));
  return { server, uploads, user, page };
}
export const drop = (files: readonly File[], types = ['Files']) =>
  fireEvent.drop(document.body, { dataTransfer: { types, files, items: [] } });
export const button = (name: string | RegExp) => screen.getByRole('button', { name });
export const list = () => within(screen.getByRole('list', { name: 'Files' }));
export const linkOf = async () => (await screen.findByTestId('link')).textContent ?? '';
export const bodyOf = (server: FakeServer) => server.calls(COMPLETE)[0]?.body ?? {};
export const keysOf = async (passphrase?: string) =>
  deriveFromLinkKey(parseLinkKey((await linkOf()).split('#')[1] ?? '') ?? new Uint8Array(), passphrase);

/** What an age file holds. */
export async function opened(bytes: Uint8Array, identity: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return Buffer.from(await decrypter.decrypt(new Uint8Array(bytes)));
}
