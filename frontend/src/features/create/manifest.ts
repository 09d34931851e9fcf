import { utf8Length } from '@burnbag/contract';

/** Facts of a file for the reader; the name as on the sender's system. */
export interface SentFile {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

const toSent = ({ name, type, size }: File): SentFile => ({ name: name.toWellFormed(), type, size });

/** Facts of the files for the reader. */
export const sentFiles = (files: readonly File[]): SentFile[] => files.map(toSent);

/** The sealed part beside the files: their names and the note, as JSON (docs/envelope.md). */
export const manifestOf = (note: string, files: readonly SentFile[]): string =>
  JSON.stringify({ ...(note === '' ? {} : { note }), files });

/** @returns bytes of the manifest, which must fit into the limit of a text secret */
export const manifestBytes = (note: string, files: readonly File[]): number =>
  utf8Length(manifestOf(note, sentFiles(files)));

/** @returns bytes of all files together */
export const totalBytes = (files: readonly Pick<File, 'size'>[]): number =>
  files.reduce((sum, { size }) => sum + size, 0);
