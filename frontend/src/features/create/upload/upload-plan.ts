import { base64urlnopad } from '@scure/base';
import { createCheckedBlob, type SegmentHashes } from '../../../lib/files/checked-blob';
import { createSealer, createStreamKeys, type StreamKeys } from '../../../lib/seal/age-stream.sealer';
import { deriveFromLinkKey, recipientOf, sealTo } from '../../../lib/seal/index';
import { createLinkKey } from '../../../lib/seal/link-key';
import type { CompletionBody, Draft } from '../create.model';
import { manifestOf, sentFiles, type SentFile } from '../manifest';
import { recipientsField } from '../recipients';
import type { PendingUpload } from './pending-upload';

/** Everything about an upload except the files themselves. */
export interface UploadPlan {
  readonly files: readonly SentFile[];
  readonly hashes: Map<number, string>;
  /** Absent when the server encrypts. */
  readonly sealed?: { readonly linkKey: Uint8Array; readonly keys: StreamKeys };
  readonly completion: CompletionBody;
  readonly passphrase: string;
  readonly maxViews: number;
}

/** What is sent: the files one after the other, or the age file over them. */
export interface Payload {
  readonly size: number;
  slice(start: number, end: number): Promise<Blob>;
  verify(onProgress: (done: number) => void, signal: AbortSignal): Promise<void>;
}

/**
 * Makes the keys, and seals the names and the note. @param onProgress of the passphrase derivation, 0 to 1
 */
export async function planUpload(draft: Draft, onProgress: (done: number) => void): Promise<UploadPlan> {
  const files = sentFiles(draft.files);
  const { passphrase, maxViews, ttlSeconds } = draft;
  const plan = { files, hashes: new Map<number, string>(), passphrase, maxViews };
  if (!draft.sealed) {
    const note = draft.text === '' ? {} : { note: draft.text };
    const lock = passphrase === '' ? {} : { passphrase };
    return {
      ...plan,
      completion: { files, ...note, ...lock, ttlSeconds, maxViews, ...recipientsField(draft) },
    };
  }
  const linkKey = createLinkKey();
  const { identity, proofHash } = await deriveFromLinkKey(linkKey, passphrase || undefined, onProgress);
  const recipient = await recipientOf(identity);
  const completion = {
    content: await sealTo(recipient, manifestOf(draft.text, files)),
    sealed: true,
    proofHash,
    passphraseRequired: passphrase !== '',
    fileCount: files.length,
    fileBytes: files.reduce((sum, { size }) => sum + size, 0),
    ttlSeconds,
    maxViews,
    ...recipientsField(draft),
  };
  return { ...plan, sealed: { linkKey, keys: await createStreamKeys(recipient) }, completion };
}

/** @param files in the order of the plan */
export function payloadOf({ hashes, sealed }: UploadPlan, files: readonly File[]): Payload {
  const known: SegmentHashes = hashes;
  const plain = createCheckedBlob(new Blob([...files]), known);
  const verify: Payload['verify'] = (onProgress, signal) => plain.verify(onProgress, signal);
  if (!sealed) {
    const slice = async (start: number, end: number) => new Blob([await plain.read(start, end)]);
    return { size: plain.size, slice, verify };
  }
  const sealer = createSealer(plain, sealed.keys);
  const slice = async (start: number, end: number) => new Blob([await sealer.slice(start, end)]);
  return { size: sealer.size, slice, verify };
}

const { encode, decode } = base64urlnopad;

/** @returns the state that survives a reload */
export function toPending(
  plan: UploadPlan,
  place: Pick<PendingUpload, 'uploadId' | 'arrived' | 'payloadBytes'>,
): PendingUpload {
  const { files, hashes, sealed, completion, passphrase, maxViews } = plan;
  const keys = sealed && {
    linkKey: encode(sealed.linkKey),
    start: encode(sealed.keys.start),
    payloadKey: encode(sealed.keys.payloadKey),
  };
  const rest = { files, hashes: Object.fromEntries(hashes), completion, passphrase, maxViews };
  return { version: 1, ...place, ...rest, ...(keys ? { sealed: keys } : {}) };
}

/** The reverse of {@link toPending}. */
export function fromPending({ sealed, hashes, ...rest }: PendingUpload): UploadPlan {
  const { files, completion, passphrase, maxViews } = rest;
  const known = new Map(Object.entries(hashes).map(([segment, hash]) => [Number(segment), hash]));
  const plan = { files, hashes: known, completion, passphrase, maxViews };
  if (!sealed) return plan;
  const keys = { start: decode(sealed.start), payloadKey: decode(sealed.payloadKey) };
  return { ...plan, sealed: { linkKey: decode(sealed.linkKey), keys } };
}
