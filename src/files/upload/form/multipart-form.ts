import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';

import { decodeUtf8, decodingOf, type TextDecoding } from '../../../platform/http/validation/charset.js';
import {
  badRequest,
  notInCharset,
  payloadTooLarge,
  unsupportedCharset,
  unsupportedMediaType,
} from '../../../platform/http/problem/common.errors.js';
import { ProblemError } from '../../../platform/http/problem/problem.js';
import { takeCharset, type PartHeader } from './part-header.js';
import { bodyOf, cutOff } from '../body/request-body.js';

export const FORM_TYPE = 'multipart/form-data';

/** Space for a name of 4,096 bytes, as octets or percent-encoded three times as long. */
const HEADER_BYTES = 16_384;
const FIELDS_MAX = 32;
/** Bytes that boundaries and preambles may add to a form, whatever its parts are. */
const SLACK_BYTES = 65_536;

export interface FormLimits {
  /** Maximum bytes of a field. */
  readonly fieldBytes: number;
  /** Number of queued files before the form is refused. */
  readonly files: number;
}

/** @returns how many bytes a form may have besides those of its files */
export function overheadOf({ fieldBytes, files }: FormLimits): number {
  return FIELDS_MAX * HEADER_BYTES + 4 * fieldBytes + files * HEADER_BYTES + SLACK_BYTES;
}

export interface FormFile {
  /** Name of the part. */
  readonly field: string;
  /** As the sender gave it, with its path. */
  readonly name: string;
  readonly type: string;
}

/** Receives the parts of a form in order. */
export interface FormReader {
  /** Must be read to its end. An error thrown here ends the form. */
  file(file: FormFile, bytes: Readable): Promise<void>;
  /** @param value undefined when it was longer than `fieldBytes` */
  field(name: string, value: string | undefined): void;
}

/**
 * Reads multipart/form-data (RFC 7578) from a connection. Reads no more than its consumer takes, so that a
 * slow store slows the sender down.
 * @throws ProblemError unsupported_media_type, bad_request, payload_too_large; and errors of the consumer
 */
export async function readForm(
  request: IncomingMessage,
  limits: FormLimits,
  reader: FormReader,
): Promise<void> {
  await new FormParsing(request, limits, reader).run();
}

class FormParsing {
  private readonly parser: BusboyInstance;
  /** One file after the other, however early they are announced. */
  private reading: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;
  /** Wakes a caller that waits for the parser when another part fails. */
  private onFailure: ((error: unknown) => void) | undefined;
  private file: BusboyFileStream | undefined;
  /** Bytes of the files before this one. */
  private earlierBytes = 0;
  private bytes = 0;
  private parts = 0;
  private seen = 0;
  /** Of the current part. */
  private decode: TextDecoding = decodeUtf8;

  constructor(
    private readonly request: IncomingMessage,
    private readonly limits: FormLimits,
    private readonly reader: FormReader,
  ) {
    this.parser = this.makeParser();
    this.listen();
  }

  async run(): Promise<void> {
    try {
      await this.parse();
    } catch (error) {
      const broken = this.request.destroyed && !(error instanceof ProblemError);
      this.failure ??= { error: broken ? cutOff() : error };
      // The reader of a file that stalls must get the error, and be done, before the form is.
      this.file?.destroy(new Error('the form was not read to its end'));
      await this.reading;
      throw this.failure.error;
    }
  }

  private async parse(): Promise<void> {
    const overhead = overheadOf(this.limits);
    for await (const chunk of bodyOf(this.request)) {
      this.bytes += chunk.length;
      await this.unlessFailed((done) => this.parser.write(chunk, done));
      const inFiles = this.earlierBytes + (this.file?.bytesRead ?? 0);
      if (this.bytes - inFiles > overhead) throw payloadTooLarge('fields', overhead);
    }
    await this.unlessFailed((done) => this.parser.once('finish', done).end());
    await this.reading;
    if (this.failure) throw this.failure.error;
    // The parser skips parts that it cannot read; a sent file must not go missing silently.
    if (this.seen < this.parts) throw badRequest('A part of the form has no readable Content-Disposition.');
  }

  private makeParser(): BusboyInstance {
    const contentType = this.request.headers['content-type'] ?? '';
    if (!contentType.toLowerCase().startsWith(FORM_TYPE)) throw unsupportedMediaType(FORM_TYPE);
    // A form as a whole has no charset but its parts' (RFC 7578, section 5.1.2).
    if (decodingOf(contentType) !== decodeUtf8) throw unsupportedCharset();
    try {
      return new Busboy({
        headers: { 'content-type': contentType },
        preservePath: true,
        // A field's value comes as its bytes: the parser would replace invalid ones with U+FFFD.
        defCharset: 'latin1',
        isPartAFile: (_field, _type, name) => name !== undefined,
        limits: { headerSize: HEADER_BYTES, fieldSize: this.limits.fieldBytes, fields: FIELDS_MAX },
      });
    } catch {
      // The constructor throws for one reason: the header.
      throw badRequest('The Content-Type of the form names no boundary.');
    }
  }

  private listen(): void {
    this.parser
      .on('file', (field, bytes, name, _encoding, type) => {
        this.seen += 1;
        this.earlierBytes += this.file?.bytesRead ?? 0;
        this.file = bytes;
        // It may fail before it is awaited; the form fails with it.
        bytes.on('error', () => undefined);
        this.reading = this.reading.then(() => this.readFile({ field: field ?? '', name, type }, bytes));
      })
      .on('field', (name, value, _nameCut, cut) => {
        this.seen += 1;
        this.try(() => this.reader.field(name ?? '', cut ? undefined : this.textOf(name ?? '', value)));
      })
      .on('fieldsLimit', () => this.fail(badRequest(`The form has more than ${FIELDS_MAX} fields.`)))
      .on('error', () =>
        this.fail(badRequest('The form ends early, or is not written as its boundary says.')),
      );
    watchParts(this.parser, (part) => {
      this.parts += 1;
      part.once('header', (header: PartHeader) => this.try(() => (this.decode = takeCharset(header))));
    });
  }

  /** @param octets one character for each byte @throws ProblemError validation_failed */
  private textOf(field: string, octets: string): string {
    const text = this.decode(Buffer.from(octets, 'latin1'));
    if (text === undefined)
      throw notInCharset(field, 'its charset, which is UTF-8 unless the part names another');
    return text;
  }

  private async readFile(file: FormFile, bytes: Readable): Promise<void> {
    if (this.failure) return;
    try {
      await this.reader.file(file, bytes);
    } catch (error) {
      this.fail(error);
    }
  }

  private try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.onFailure?.(this.failure.error);
  }

  /** Until the parser has taken the piece, or something fails. */
  private unlessFailed(give: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure) {
        reject(this.failure.error);
        return;
      }
      this.onFailure = reject;
      give(resolve);
    });
  }
}

/**
 * Observes parts before the parser reads them, also those that it skips silently. Only its internal parser
 * reports these, which has no public name; the version is pinned, and a test sends such a part.
 */
function watchParts(parser: BusboyInstance, found: (part: EventEmitter) => void): void {
  const inner: unknown = Reflect.get(Reflect.get(parser, '_parser') as object, 'parser');
  if (!(inner instanceof EventEmitter)) throw new TypeError('the multipart parser has changed inside');
  inner.prependListener('part', found);
}
