import { FILE_NAME_MAX_BYTES, FILE_TYPE_MAX_BYTES } from '@burnbag/contract';

import { payloadTooLarge, validationFailed } from '../../platform/http/problem/common.errors.js';
import type { FilesConfig, SecretsConfig } from '../../platform/config/sections/app.config.js';
import { allowedExtensions } from '../../platform/config/sections/files.config.js';
import { extensionRefused, fileTooLarge, tooManyFiles } from '../files.errors.js';

/** Bytes that one file adds to a manifest: its name, its type, its size and the JSON around them. */
const ENTRY_BYTES = FILE_NAME_MAX_BYTES + FILE_TYPE_MAX_BYTES + 157;

/** A file as declared by its sender. */
export interface SentFile {
  readonly name: string;
  /** Media type; empty when unknown. */
  readonly type: string;
  readonly size: number;
}

/** Maximum bytes of a manifest: a note as long as a text secret, and the files. */
export function manifestLimit({ countMax }: FilesConfig, { maxBytes }: SecretsConfig): number {
  return maxBytes + countMax * ENTRY_BYTES;
}

/** Limits that the operator sets for the files of one secret. Every refusal names the field and the limit. */
export class FileRules {
  private readonly extensions: readonly string[] | null;

  constructor(
    private readonly files: FilesConfig,
    private readonly secrets: SecretsConfig,
  ) {
    this.extensions = allowedExtensions(files.extensions);
  }

  /** @throws ProblemError too_many_files */
  requireCount(field: string, count: number): void {
    if (count > this.files.countMax) throw tooManyFiles(field, this.files.countMax);
  }

  /** @param bytes of all files together @throws ProblemError file_too_large */
  requireBytes(field: string, bytes: number): void {
    if (bytes > this.files.maxBytes) throw fileTooLarge(field, this.files.maxBytes);
  }

  /** @throws ProblemError validation_failed, file_extension_refused */
  requireName(field: string, { name, type }: Omit<SentFile, 'size'>): void {
    requireText(`${field}.name`, name, FILE_NAME_MAX_BYTES);
    requireText(`${field}.type`, type, FILE_TYPE_MAX_BYTES);
    const extension = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? '';
    if (this.extensions && !this.extensions.includes(extension))
      throw extensionRefused(field, this.extensions);
  }

  /** @returns the manifest in UTF-8 @throws ProblemError payload_too_large */
  manifest(note: string | undefined, files: readonly SentFile[]): Buffer {
    const { maxBytes } = this.secrets;
    if (note !== undefined && Buffer.byteLength(note) > maxBytes) throw payloadTooLarge('note', maxBytes);
    const entries = files.map(({ name, type, size }) => ({ name, type, size }));
    const json = JSON.stringify({ ...(note !== undefined && note !== '' && { note }), files: entries });
    const bytes = Buffer.from(json, 'utf8');
    const limit = manifestLimit(this.files, this.secrets);
    if (bytes.length > limit) throw payloadTooLarge('files', limit);
    return bytes;
  }
}

function requireText(field: string, text: string, limit: number): void {
  if (!text.isWellFormed()) {
    throw validationFailed([
      { field, message: 'must be well-formed Unicode (it holds half of a surrogate pair)' },
    ]);
  }
  if (Buffer.byteLength(text) > limit) {
    throw validationFailed([{ field, message: `must be at most ${limit} bytes of UTF-8`, limit }]);
  }
}
