import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

import { type CreatedSecret, FILE_NAME_MAX_BYTES } from '@burnbag/contract';
import { Inject, Injectable, Logger } from '@nestjs/common';

import { payloadTooLarge, validationFailed } from '../../../platform/http/problem/common.errors.js';
import { validBody } from '../../../platform/http/validation/valid-body.js';
import {
  filesConfig,
  secretsConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../../../platform/config/sections/app.config.js';
import { encodeFileContents } from '../../../secrets/claim/file-contents.js';
import { CreationPolicy } from '../../../secrets/create/creation-policy.js';
import { CreateSecret } from '../../../secrets/create/create-secret.js';
import { FormFieldsDto } from '../complete-upload.dto.js';
import type { Sender } from '../complete-upload.js';
import { FileRules, type SentFile } from '../manifest.js';
import { overheadOf, readForm, type FormFile, type FormReader } from './multipart-form.js';
import type { PayloadWriter } from '../body/payload-writer.js';
import type { Announced } from '../quota/redis-upload-shares.js';
import { cutOff } from '../body/request-body.js';
import { UploadHeartbeat } from '../lock/upload-heartbeat.js';
import { Uploads, type Upload } from '../uploads.js';

/** A form cannot be resumed: after this time the remains of a crash have no owner. */
const KEPT_MS = 60_000;
/** A number as form text. */
const DIGITS = /^\d{1,15}$/;
const NUMBERS: ReadonlySet<string> = new Set(['ttlSeconds', 'maxViews']);
/** Separator of a list: `recipients=alice@corp.example,bob@corp.example`. */
const LIST_MARKS = /[\s,;]+/;
const LISTS: ReadonlySet<string> = new Set(['recipients']);

/**
 * Seals the files of a form while they arrive, and makes a secret of them. After any error nothing of it is
 * left.
 */
@Injectable()
export class ReceiveForm {
  private readonly logger = new Logger(ReceiveForm.name);
  private readonly rules: FileRules;
  private readonly fieldBytes: number;
  /** Maximum bytes of a form besides its files: a longer one is refused unread. */
  private readonly besideBytes: number;

  constructor(
    @Inject(filesConfig.KEY) private readonly files: FilesConfig,
    @Inject(secretsConfig.KEY) secrets: SecretsConfig,
    private readonly uploads: Uploads,
    private readonly createSecret: CreateSecret,
    private readonly policy: CreationPolicy,
  ) {
    this.rules = new FileRules(files, secrets);
    this.fieldBytes = Math.max(secrets.maxBytes, FILE_NAME_MAX_BYTES);
    this.besideBytes = overheadOf({ fieldBytes: this.fieldBytes, files: files.countMax });
  }

  /**
   * @throws ProblemError policy_refused, unsupported_media_type, bad_request, validation_failed, payload_too_large, file_too_large,
   * too_many_files, file_extension_refused, storage_full, upload_share_full, store_unavailable, and those of a
   * creation
   */
  async execute(request: IncomingMessage, { origin, client }: Sender): Promise<CreatedSecret> {
    // Before the first byte: the server encrypts the content of forms.
    this.policy.requireFiles();
    this.policy.requireServerSide();
    this.rules.requireBytes('file', Number(request.headers['content-length'] ?? 0) - this.besideBytes);
    const upload = await this.uploads.beginOnce(this.announced(request, client), KEPT_MS);
    const keeper = new UploadHeartbeat(this.uploads, upload, KEPT_MS);
    let writer: PayloadWriter | undefined;
    try {
      writer = await this.uploads.open(upload, 0);
      const form = new FormContents(this.rules, this.fieldBytes, writer);
      await readForm(request, { fieldBytes: this.fieldBytes, files: this.files.countMax }, form);
      const { note, ...options } = form.fields();
      const sent = form.sent();
      const manifest = this.rules.manifest(note, sent);
      const payloadBytes = writer.offset;
      await writer.finish();
      // The client could not get the answer, with the only link.
      if (keeper.lost || request.socket.destroyed) throw cutOff();
      const content = encodeFileContents({ dataKey: upload.dataKey, manifest });
      const files = { count: sent.length, bytes: payloadBytes, payloadBytes };
      const made = await this.createSecret.createFor(
        { id: upload.secretId, options, content, files, client },
        origin,
      );
      await this.uploads.giveShare(upload);
      return made;
    } catch (error) {
      await this.leaveNothing(upload, writer);
      throw error;
    } finally {
      keeper.stop();
    }
  }

  /** A form without a length may have FILE_MAX_BYTES. */
  private announced({ headers }: IncomingMessage, client: string): Announced {
    const bytes = Number(headers['content-length'] ?? this.files.maxBytes);
    return { client, field: 'file', bytes };
  }

  private async leaveNothing(upload: Upload, writer: PayloadWriter | undefined): Promise<void> {
    try {
      await writer?.abort();
      await this.uploads.drop(upload);
    } catch (error) {
      // The client gets the first error; the sweeper removes the remains.
      this.logger.warn(
        { ref: upload.blobId, err: error },
        'the remains of a refused form could not be removed',
      );
    }
  }
}

/** The content of a form, checked as it arrives. */
class FormContents implements FormReader {
  private readonly values = new Map<string, string>();
  private readonly files: SentFile[] = [];

  constructor(
    private readonly rules: FileRules,
    private readonly fieldBytes: number,
    private readonly writer: PayloadWriter,
  ) {}

  async file({ field, name, type }: FormFile, bytes: Readable): Promise<void> {
    const from = this.writer.offset;
    let begun = false;
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      if (!begun) this.begin(field, name, type);
      begun = true;
      this.rules.requireBytes(field, this.writer.offset + piece.length);
      await this.writer.write(piece);
    }
    // A browser sends a part without name and bytes when no file was chosen.
    if (!begun && name === '') return;
    if (!begun) this.begin(field, name, type);
    this.files.push({ name, type, size: this.writer.offset - from });
  }

  field(name: string, value: string | undefined): void {
    if (value === undefined) throw payloadTooLarge(name.slice(0, 100), this.fieldBytes);
    if (this.values.has(name)) refuse(name, 'must be given once');
    this.values.set(name, value);
  }

  /** @throws ProblemError validation_failed */
  fields(): FormFieldsDto {
    if (this.values.has('file')) refuse('file', 'must be a file: send it with a name (curl -F file=@path)');
    const entries = [...this.values].map(([name, value]) => {
      if (LISTS.has(name)) return [name, value.split(LIST_MARKS).filter((each) => each !== '')];
      return [name, NUMBERS.has(name) && DIGITS.test(value) ? Number(value) : value];
    });
    return validBody(Object.fromEntries(entries), FormFieldsDto);
  }

  /** @throws ProblemError validation_failed */
  sent(): readonly SentFile[] {
    if (this.files.length === 0) refuse('file', 'must be given: at least one file');
    return this.files;
  }

  private begin(field: string, name: string, type: string): void {
    this.rules.requireCount(field, this.files.length + 1);
    if (name === '') refuse(field, 'must have a file name');
    this.rules.requireName(field, { name, type });
  }
}

function refuse(field: string, message: string): never {
  throw validationFailed([{ field: field.slice(0, 100), message }]);
}
