import type { FileAccess, Manifest } from './files.model';
import type { Trouble } from './trouble';

/** What is known of an opening. Times are milliseconds since 1970, sizes bytes. */
interface Opening {
  size: number;
  viewsLeft: number;
  openedAt: number;
  /** When the server's copy for this claim goes, by the clock of this device. */
  leaseEndsAt?: number | undefined;
}

export interface OpenedText extends Opening {
  kind: 'text';
  text: string;
}

export interface OpenedFiles extends Opening {
  kind: 'files';
  manifest: Manifest;
  access: FileAccess;
  /** Asks the server to keep its copy for longer. @returns until when, if it says @throws ApiError */
  renew: () => Promise<number | undefined>;
}

/** What came out of the envelope. */
export type Opened = OpenedText | OpenedFiles;

/** What is left to say once it is off the page. */
export interface Ash extends Opening {
  /** How many files it was; none for a text. */
  files?: number;
}

export function ashOf(opened: Opened): Ash {
  const { size, viewsLeft, openedAt } = opened;
  const files = opened.kind === 'files' ? { files: opened.manifest.files.length } : {};
  return { size, viewsLeft, openedAt, ...files };
}

/** What the reader is doing; until something is done, the page shows the status. */
export type Act =
  | { step: 'looking'; refused?: { attemptsLeft?: number } }
  | { step: 'opening'; progress?: number }
  | { step: 'open'; opened: Opened }
  | { step: 'cleared'; ash: Ash }
  | { step: 'destroying' }
  | { step: 'destroyed' }
  | { step: 'trouble'; trouble: Trouble; again: 'open' | 'destroy'; linkKey: Uint8Array | undefined };
