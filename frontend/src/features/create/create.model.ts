import { isLongerThan, type Policy, utf8Length } from '@burnbag/contract';
import { extensionOf } from '../../lib/files/file-name';
import { manifestBytes, totalBytes } from './manifest';
import { recipientsFaultOf, type RecipientsFault } from './recipients';

/** The draft of the sender. */
export interface Draft {
  /** The secret; with files, the note to them. */
  text: string;
  files: readonly File[];
  maxViews: number;
  ttlSeconds: number;
  /** Empty when there is none. */
  passphrase: string;
  /** E-mail addresses of the recipients, as typed; empty when anyone with the link may open it. */
  recipients: string;
  /** Encrypted in this browser (true) or by the server (false). */
  sealed: boolean;
}

/** Sent once all bytes of the files have arrived. */
export type CompletionBody = Readonly<Record<string, unknown>>;

/** The result for the sender, shown once. */
export interface HandedOver {
  link: string;
  receiptLink: string;
  /** ISO 8601. */
  expiresAt: string;
  maxViews: number;
  passphrase: string;
  /** Empty when anyone with the link may open it. */
  recipients: readonly string[];
  sealed: boolean;
  /** Absent for a text. */
  files?: { count: number; bytes: number };
  /** Command for a script that reads a server-side secret. */
  command?: string;
}

/** The open choice of the sentence. */
export type Panel = 'views' | 'recipients' | 'expiry' | 'passphrase' | 'lock';

/** Why these files cannot be sent together. */
export type FilesFault =
  | { kind: 'tooMany'; count: number; limit: number }
  | { kind: 'tooLarge'; bytes: number; limit: number }
  | { kind: 'extension'; name: string; allowed: readonly string[] }
  | { kind: 'longNames' };

/** Errors by field. */
export interface Faults {
  text?: 'empty' | 'tooLong' | 'halfCharacter' | 'refused';
  files?: FilesFault;
  views?: 'range';
  expiry?: 'range';
  passphrase?: 'tooLong' | 'halfCharacter' | 'missing';
  recipients?: RecipientsFault;
}

/** Bytes of the record of files besides names and note. */
const BESIDE_MANIFEST = 64;

/** @returns how many bytes the text may have: with files, what their names leave */
export const textRoom = ({ files }: Pick<Draft, 'files'>, { secretMaxBytes }: Policy): number =>
  files.length === 0 ? secretMaxBytes : secretMaxBytes - BESIDE_MANIFEST - manifestBytes('', files);

/** @returns how many of them it uses: with files, in JSON */
export const textBytes = ({ text, files }: Pick<Draft, 'text' | 'files'>): number =>
  files.length === 0 ? utf8Length(text) : manifestBytes(text, files) - manifestBytes('', files);

const inRange = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;

/** The first limit that the files exceed. */
export function filesFaultOf({ files }: Pick<Draft, 'files'>, policy: Policy): FilesFault | undefined {
  const { fileCountMax, fileMaxBytes, fileExtensions } = policy;
  if (files.length > fileCountMax) return { kind: 'tooMany', count: files.length, limit: fileCountMax };
  const refused = files.find(({ name }) => fileExtensions && !fileExtensions.includes(extensionOf(name)));
  if (refused) return { kind: 'extension', name: refused.name, allowed: fileExtensions ?? [] };
  const bytes = totalBytes(files);
  if (bytes > fileMaxBytes) return { kind: 'tooLarge', bytes, limit: fileMaxBytes };
  return files.length > 0 && textRoom({ files }, policy) < 0 ? { kind: 'longNames' } : undefined;
}

/** All errors of a draft that the server would refuse, found before anything is sent. */
export function faultsOf(draft: Draft, policy: Policy): Faults {
  const faults: Faults = {};
  const files = filesFaultOf(draft, policy);
  if (files) faults.files = files;
  if (draft.text === '' && draft.files.length === 0) faults.text = 'empty';
  else if (!draft.text.isWellFormed()) faults.text = 'halfCharacter';
  else if (textBytes(draft) > Math.max(0, textRoom(draft, policy))) faults.text = 'tooLong';
  if (!inRange(draft.maxViews, policy.maxViews)) faults.views = 'range';
  if (!inRange(draft.ttlSeconds, policy.secretTtlMaxSeconds)) faults.expiry = 'range';
  if (!draft.passphrase.isWellFormed()) faults.passphrase = 'halfCharacter';
  else if (isLongerThan(draft.passphrase, policy.passphraseMaxCharacters)) {
    faults.passphrase = 'tooLong';
  } else if (policy.passphraseRequired && draft.passphrase === '') faults.passphrase = 'missing';
  const recipients = recipientsFaultOf(draft.recipients, policy);
  if (recipients) faults.recipients = recipients;
  return faults;
}
