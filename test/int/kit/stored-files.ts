import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { idBytes, refOf } from '../../../src/common/ids.js';
import { ChunkEncryptor, encryptChunks } from '../../../src/crypto/chunks/chunk-encryptor.js';
import { EnvelopeService } from '../../../src/crypto/envelope/envelope.service.js';
import { Keyring } from '../../../src/crypto/keyring/keyring.js';
import { PassphraseKdf } from '../../../src/crypto/kdf/passphrase.kdf.js';
import { systemRandom } from '../../../src/crypto/random-source.port.js';
import { blobPaths } from '../../../src/files/store/disk/disk-blob.files.js';
import { fileKeys, retiredKeysKey, secretKeys } from '../../../src/redis/redis-keys.js';
import { ScriptRunner } from '../../../src/redis/script/script-runner.js';
import { encodeFileContents } from '../../../src/secrets/claim/file-contents.js';
import { SecretCredentials } from '../../../src/secrets/credentials/secret-credentials.js';
import { createFilesScript } from '../../../src/secrets/create/create.scripts.js';
import { encodeRecord, purposeOf, type SecretFacts } from '../../../src/secrets/record/secret-record.js';
import { gather, inPieces } from '../../support/chunk-kit.js';
import type { Portal } from './portal.js';

const ORIGIN = '["anonymous",null,null]';

export interface StoredFile {
  readonly name: string;
  readonly content: Buffer;
}

export interface StoreOptions {
  readonly maxViews?: number;
  readonly ttlSeconds?: number;
  readonly passphrase?: string;
  /** What stands for an age payload: the files are its content, their names are nowhere. */
  readonly sealed?: { readonly payload: Buffer; readonly proofHash: Buffer };
  /** What the blob is made into before it is stored. */
  readonly damage?: (blob: Buffer) => Buffer;
}

export interface StoredFiles {
  readonly id: string;
  readonly ref: Buffer;
  /** 32 hex digits. */
  readonly blobId: string;
  readonly blobPath: string;
  readonly dataKey: Buffer;
}

/** A file of random bytes. */
export const randomFile = (size: number, name = 'file.bin'): StoredFile => ({
  name,
  content: randomBytes(size),
});

/**
 * Puts a secret of files where uploads would have put it, byte by byte: so that tests of what follows decide its names,
 * its blob and its damage. On the disk of the portal's first app.
 */
export async function storeFiles(
  portal: Portal,
  files: readonly StoredFile[],
  { maxViews = 1, ttlSeconds = 3_600, passphrase, sealed, damage = (blob) => blob }: StoreOptions = {},
): Promise<StoredFiles> {
  const id = randomUUID();
  const address = idBytes(id);
  const ref = refOf(address);
  const blobId = ref.toString('hex');
  const payload = sealed?.payload ?? Buffer.concat(files.map(({ content }) => content));
  const dataKey = randomBytes(32);
  const access = { dataKey, id: address, ref, purpose: Buffer.from('burnbag/files/v1') };
  const blob = await gather(encryptChunks(ChunkEncryptor.start(systemRandom, access), inPieces(payload)));
  const blobPath = blobPaths(`${portal.apps[0]?.dataDir ?? ''}/blobs`, blobId).finished;
  mkdirSync(dirname(blobPath), { recursive: true, mode: 0o700 });

  const guards = new SecretCredentials(new PassphraseKdf());
  const guard = passphrase === undefined ? undefined : await guards.forCreation({ passphrase }, address);
  const facts: SecretFacts = {
    passphraseRequired: passphrase !== undefined,
    sealed: sealed !== undefined,
    maxViews,
    ttlSeconds,
    expiresAt: Date.now() + ttlSeconds * 1_000,
    verifier: sealed?.proofHash ?? guard?.verifier,
    files: {
      count: files.length,
      bytes: files.reduce((sum, { content }) => sum + content.length, 0),
      payloadBytes: payload.length,
    },
  };
  const manifest = {
    files: files.map(({ name, content }) => ({ name, type: 'text/html', size: content.length })),
  };
  const [, key = ''] = (portal.env['BURNBAG_KEYS'] ?? '').split(':');
  const envelope = new EnvelopeService(Keyring.of(1, Buffer.from(key, 'base64')), systemRandom).seal({
    plaintext: encodeFileContents({ dataKey, manifest: Buffer.from(JSON.stringify(manifest)) }),
    id: address,
    ref,
    purpose: purposeOf(facts),
    ...(guard?.passphraseKey && { passphraseKey: guard.passphraseKey }),
  });
  const { record, outbox } = secretKeys(ref);
  const { upload, index } = fileKeys(ref);
  // In the order of an upload: its record, the blob, the secret.
  await portal.db.set(upload, 'arriving', 'EX', 60);
  writeFileSync(blobPath, damage(blob), { mode: 0o600 });
  const created = await new ScriptRunner(portal.db, true, () => undefined).run(
    createFilesScript,
    { record, outbox, upload, index, retired: retiredKeysKey(ref[0]) },
    {
      origin: ORIGIN,
      record: encodeRecord(facts, envelope, ref),
      ttlMs: ttlSeconds * 1_000,
      facts: '{"kind":"files"}',
      outboxMax: 1_000_000,
      keyId: 1,
      madeAt: undefined,
      apartMs: 0,
    },
  );
  if (created.kind !== 'ok') throw new Error(`storing ended with ${created.kind}`);
  return { id, ref, blobId, blobPath, dataKey };
}
