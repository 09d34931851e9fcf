import { concatBytes } from '@noble/hashes/utils.js';
import { urls } from '../../../lib/api/urls';
import { createOpener, HEAD_BYTES, type Opener } from '../../../lib/seal/age-stream.opener';
import { SealDamagedError } from '../../../lib/seal/seal';
import type { FileAccess, FileEntry } from '../files.model';
import type { Resource } from './range-request';
import { resumedBytes } from './resumed-bytes';
import type { TransferControl } from './transfer-control';

export type Bytes = AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;

/** The plaintext of the files of one secret. All of it is verified, and as long as the manifest says. */
export interface FileSource {
  /** One file. */
  file(index: number, control: TransferControl): Bytes;
  /** All of them, one after the other; each is to be read to its end before the next. */
  every(control: TransferControl): Iterable<Bytes>;
}

async function gather(bytes: Bytes): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return concatBytes(...pieces);
}

/** Takes the next `size` bytes off a stream and leaves the rest in it. */
async function* take(rest: { bytes: Bytes; held: Uint8Array<ArrayBuffer> }, size: number): Bytes {
  let left = size;
  while (left > 0) {
    if (rest.held.length === 0) {
      const next = await rest.bytes.next();
      if (next.done) throw new SealDamagedError();
      rest.held = next.value;
    }
    const piece = rest.held.subarray(0, left);
    rest.held = rest.held.subarray(piece.length);
    left -= piece.length;
    yield piece;
  }
}

/** Files that were sealed by the sender's browser: one age file over all of them, opened here. */
export function sealedSource(
  access: FileAccess & { identity: string },
  files: readonly FileEntry[],
): FileSource {
  const resource: Resource = {
    url: urls.files(access.id),
    headers: access.headers,
    bytes: access.payloadBytes,
  };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let opener: Opener | undefined;

  /** Read once, by the first caller. */
  async function header(control: TransferControl): Promise<Opener> {
    if (opener) return opener;
    const to = Math.min(HEAD_BYTES, access.payloadBytes);
    const start = await gather(resumedBytes(resource, { from: 0, to }, control));
    const opened = await createOpener(start, access.payloadBytes, access.identity);
    if (opened.size !== size) throw new SealDamagedError();
    opener = opened;
    return opened;
  }

  async function* part(from: number, to: number, control: TransferControl): Bytes {
    const known = await header(control);
    if (from === to) return;
    const opening = known.open({ from, to });
    for await (const piece of resumedBytes(resource, known.sealedSpan({ from, to }), control))
      yield* opening.push(piece);
    opening.end();
  }

  return {
    file(index, control) {
      const from = files.slice(0, index).reduce((sum, file) => sum + file.size, 0);
      return part(from, from + (files[index]?.size ?? 0), control);
    },
    every(control) {
      const rest = { bytes: part(0, size, control), held: new Uint8Array() };
      return files.map((file) => take(rest, file.size));
    },
  };
}

/** Files that the server decrypts, each at its own URL. */
export function serverSource(access: FileAccess, files: readonly FileEntry[]): FileSource {
  const resources = files.map((file, index): Resource => ({
    url: urls.file(access.id, index),
    headers: access.headers,
    bytes: file.size,
  }));
  const read = (resource: Resource, control: TransferControl): Bytes =>
    resumedBytes(resource, { from: 0, to: resource.bytes }, control);
  return {
    async *file(index, control) {
      const resource = resources[index];
      if (resource) yield* read(resource, control);
    },
    *every(control) {
      for (const resource of resources) yield read(resource, control);
    },
  };
}
