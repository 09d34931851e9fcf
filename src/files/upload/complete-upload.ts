import type { CreatedSecret, FieldProblem } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { payloadTooLarge, validationFailed } from '../../platform/http/problem/common.errors.js';
import { ProblemError } from '../../platform/http/problem/problem.js';
import { validBody } from '../../platform/http/validation/valid-body.js';
import {
  filesConfig,
  secretsConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../../platform/config/sections/app.config.js';
import { encodeFileContents } from '../../secrets/claim/file-contents.js';
import { decodeSealedContent, sealedBytesLimit } from '../../secrets/create/sealed-content.js';
import type { FilesFacts } from '../../secrets/record/secret-record.js';
import { CreateSecret } from '../../secrets/create/create-secret.js';
import { uploadIncomplete, uploadNotFound } from '../files.errors.js';
import { secretIdOf } from '../upload-id.js';
import { CompleteUploadDto, SentFileDto } from './complete-upload.dto.js';
import { FileRules, manifestLimit, type SentFile } from './manifest.js';
import { UploadMutex } from './lock/upload-mutex.js';
import { Uploads, type Upload } from './uploads.js';

/** The sender of files. */
export interface Sender {
  /** Of the audit event, see AuditContext. */
  readonly origin: string;
  /** See clientOf. */
  readonly client: string;
}

interface Described {
  readonly manifest: Buffer;
  readonly files: FilesFacts;
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof ProblemError && error.kind.code === code;

/** Makes a secret of a complete upload. A repeated call, after a lost answer, returns the same answer. */
@Injectable()
export class CompleteUpload {
  private readonly rules: FileRules;
  private readonly manifestMax: number;

  constructor(
    @Inject(filesConfig.KEY) files: FilesConfig,
    @Inject(secretsConfig.KEY) secrets: SecretsConfig,
    private readonly uploads: Uploads,
    private readonly turns: UploadMutex,
    private readonly createSecret: CreateSecret,
  ) {
    this.rules = new FileRules(files, secrets);
    this.manifestMax = manifestLimit(files, secrets);
  }

  /**
   * @throws ProblemError upload_not_found, upload_incomplete, upload_locked, validation_failed,
   * payload_too_large, file_too_large, too_many_files, file_extension_refused, and those of a creation. The
   * upload remains after them.
   */
  execute(uploadId: string, dto: CompleteUploadDto, { origin, client }: Sender): Promise<CreatedSecret> {
    const stay = (): void => undefined;
    return this.turns.run(uploadId, stay, async () => {
      let upload: Upload;
      try {
        upload = await this.uploads.find(uploadId);
      } catch (error) {
        if (hasCode(error, 'upload_not_found')) return this.madeBefore(uploadId);
        throw error;
      }
      const { manifest, files } = this.describe(dto, upload.length);
      const missing = await this.uploads.finish(upload);
      if (missing) throw uploadIncomplete(missing.offset, upload.length);
      const { secretId: id, dataKey } = upload;
      const content = encodeFileContents({ dataKey, manifest });
      const made = await this.createSecret.createFor({ id, options: dto, content, files, client }, origin);
      await this.uploads.giveShare(upload);
      return made;
    });
  }

  private async madeBefore(uploadId: string): Promise<CreatedSecret> {
    try {
      return await this.createSecret.madeBefore(secretIdOf(uploadId));
    } catch (error) {
      throw hasCode(error, 'secret_not_found') ? uploadNotFound() : error;
    }
  }

  private describe(dto: CompleteUploadDto, payloadBytes: number): Described {
    if (dto.sealed === true) return this.sealed(dto, payloadBytes);
    const misplaced = (['content', 'fileCount', 'fileBytes'] as const).filter(
      (field) => dto[field] !== undefined,
    );
    refuse(misplaced.map((field) => ({ field, message: 'is for sealed files only' })));
    if (dto.files === undefined || dto.files.length === 0) {
      throw validationFailed([{ field: 'files', message: 'must be given: at least one file' }]);
    }
    this.rules.requireCount('files', dto.files.length);
    const files = dto.files.map((file, at) => this.sentFile(file, `files[${at}]`));
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    this.rules.requireBytes('files', bytes);
    if (bytes !== payloadBytes) {
      throw validationFailed([
        { field: 'files', message: `must be ${payloadBytes} bytes together, as many as were uploaded` },
      ]);
    }
    const manifest = this.rules.manifest(dto.note, files);
    return { manifest, files: { count: files.length, bytes, payloadBytes } };
  }

  private sealed(dto: CompleteUploadDto, payloadBytes: number): Described {
    const { content, fileCount: count, fileBytes: bytes } = dto;
    const misplaced = (['note', 'files'] as const).filter((field) => dto[field] !== undefined);
    refuse(misplaced.map((field) => ({ field, message: 'must be sealed in the content' })));
    if (content === undefined || count === undefined || bytes === undefined) {
      const wanted = { content, fileCount: count, fileBytes: bytes };
      const names = Object.entries(wanted).filter(([, value]) => value === undefined);
      throw validationFailed(names.map(([field]) => ({ field, message: 'must be given for sealed files' })));
    }
    this.rules.requireCount('fileCount', count);
    this.rules.requireBytes('fileBytes', bytes);
    if (payloadBytes < bytes || payloadBytes > sealedBytesLimit(bytes)) {
      throw validationFailed([
        { field: 'fileBytes', message: 'does not fit the age file that was uploaded' },
      ]);
    }
    const manifest = decodeSealedContent(content);
    const limit = sealedBytesLimit(this.manifestMax);
    if (manifest.length > limit) throw payloadTooLarge('content', limit);
    return { manifest, files: { count, bytes, payloadBytes } };
  }

  private sentFile(file: unknown, field: string): SentFile {
    let sent: SentFileDto;
    try {
      sent = validBody(file, SentFileDto);
    } catch (error) {
      throw within(field, error);
    }
    const { name, type = '', size } = sent;
    this.rules.requireName(field, { name, type });
    return { name, type, size };
  }
}

function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw validationFailed(problems);
}

/** The same refusal, with the field names of the request. */
function within(field: string, error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const { errors } = error.extras as { errors?: readonly FieldProblem[] };
  if (!errors) return error;
  const name = (inner: string): string => (inner === 'body' ? field : `${field}.${inner}`);
  return validationFailed(errors.map((each) => ({ ...each, field: name(each.field) })));
}
