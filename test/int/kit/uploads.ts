import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Redis } from 'ioredis';

import { idBytes, refOf } from '../../../src/common/ids.js';
import { ChunkDecryptor } from '../../../src/crypto/chunks/chunk-decryptor.js';
import { openEnvelope } from '../../../src/crypto/envelope/envelope.js';
import { parseKeyring } from '../../../src/crypto/keyring/keyring.spec-format.js';
import { decodeFileContents } from '../../../src/secrets/claim/file-contents.js';
import { decodeRecord, purposeOf, type FilesFacts } from '../../../src/secrets/record/secret-record.js';
import { gather, inPieces } from '../../support/chunk-kit.js';
import { filesBelow } from '../../support/files-below.js';
import type { Answer, Client, Created } from './client.js';
import { keysOf } from './portal.js';

export const CHUNK = 65_536;
const TUS = { 'tus-resumable': '1.0.0' };

/** An upload as a tus client sees it. */
export class TusUpload {
  private constructor(
    private readonly client: Client,
    readonly path: string,
  ) {}

  static async begin(client: Client, length: number): Promise<TusUpload> {
    const answer = await tryBegin(client, length);
    if (answer.status !== 201) throw new Error(`begin answered ${answer.status}: ${answer.text}`);
    return new TusUpload(client, answer.headers.location ?? '');
  }

  /** One that was begun already. @param path its Location */
  static at(client: Client, path: string): TusUpload {
    return new TusUpload(client, path);
  }

  /** The same upload through another process. */
  through(client: Client): TusUpload {
    return new TusUpload(client, this.path);
  }

  patch(offset: number, bytes: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const own = {
      ...TUS,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    };
    return this.client.send('PATCH', this.path, { text: bytes, headers: { ...own, ...headers } });
  }

  head = (): Promise<Answer> => this.client.send('HEAD', this.path, { headers: TUS });
  giveUp = (): Promise<Answer> => this.client.send('DELETE', this.path, { headers: TUS });
  complete = (json: unknown): Promise<Answer> => this.client.send('POST', `${this.path}/complete`, { json });

  /** @throws unless HEAD answers 200 */
  async offset(): Promise<number> {
    const { status, headers } = await this.head();
    if (status !== 200) throw new Error(`HEAD answered ${status}`);
    return Number(headers['upload-offset']);
  }
}

export const tryBegin = (client: Client, length: unknown): Promise<Answer> =>
  client.send('POST', '/api/v1/uploads', { headers: { ...TUS, 'upload-length': String(length) } });

export const created = ({ status, text }: Answer): Created => {
  if (status !== 201) throw new Error(`answered ${status}: ${text}`);
  return JSON.parse(text) as Created;
};

/** Where an app keeps its blobs: including those without an owner. */
export function blobFiles(dataDir: string): string[] {
  const files = filesBelow(join(dataDir, 'blobs')).filter((path) => basename(path) !== 'burnbag.lock');
  return files.sort();
}

export interface Stored {
  readonly facts: FilesFacts | undefined;
  readonly manifest: Buffer;
  readonly payload: Buffer;
}

/** What is stored of a secret without a passphrase, opened as only its link lets anybody. */
export async function openStored(
  { db, dataDir, keys }: { db: Redis; dataDir: string; keys: string },
  id: string,
): Promise<Stored> {
  const record = await db.getBuffer(keysOf(id).record);
  if (!record) throw new Error('there is no record');
  const { facts, envelope } = decodeRecord(record);
  const bytes = idBytes(id);
  const ref = refOf(bytes);
  const content = openEnvelope(parseKeyring(keys), envelope, { id: bytes, ref, purpose: purposeOf(facts) });
  const { dataKey, manifest } = decodeFileContents(content);
  const hex = ref.toString('hex');
  const blob = readFileSync(join(dataDir, 'blobs', hex.slice(0, 2), hex.slice(2, 4), hex));
  const access = { dataKey, id: bytes, ref, purpose: Buffer.from('burnbag/files/v1') };
  const stored = {
    length: blob.length,
    read: (from: number, to: number) => inPieces(blob.subarray(from, to)),
  };
  const decryptor = await ChunkDecryptor.open(stored, access);
  return { facts: facts.files, manifest, payload: await gather(decryptor.read()) };
}

export interface FormPart {
  readonly name: string;
  /** Makes it a file. */
  readonly filename?: string;
  readonly type?: string;
  readonly body: string | Buffer;
}

/** A form as curl and browsers write it. */
export function formBody(parts: readonly FormPart[], boundary = 'b0undary'): Buffer {
  const pieces = parts.flatMap(({ name, filename, type, body }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"`;
    const described = type === undefined ? '' : `\r\nContent-Type: ${type}`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}${described}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(body), Buffer.from('\r\n')];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

export function sendForm(client: Client, parts: readonly FormPart[], boundary = 'b0undary'): Promise<Answer> {
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return client.send('POST', '/api/v1/files', { text: formBody(parts, boundary), headers });
}
