import { ProblemError } from '../platform/http/problem/problem.js';

export const uploadNotFound = () =>
  new ProblemError('upload_not_found', 'It was never begun, was deleted, or has expired. Begin again.');

/** @param offset bytes that have arrived, of `length` */
export const uploadIncomplete = (offset: number, length: number) =>
  new ProblemError('upload_incomplete', `${offset} of ${length} bytes have arrived.`, { offset, length });

/** @param offset bytes that have arrived */
export const uploadConflict = (offset: number) =>
  new ProblemError(
    'upload_conflict',
    `Upload-Offset must be ${offset}: that many bytes have arrived.`,
    { offset },
    { 'Upload-Offset': String(offset) },
  );

export const leaseEnded = () =>
  new ProblemError(
    'lease_ended',
    'The claim has no lease: it was acknowledged, or nothing renewed it in time.',
  );
/** @param version the supported one */
export const tusVersionWrong = (version: string) =>
  new ProblemError('tus_version_wrong', `Send Tus-Resumable: ${version}.`, {}, { 'Tus-Version': version });

/** @param minRate bytes per second (UPLOAD_MIN_RATE) */
export const bodyTooSlow = (minRate: number) =>
  new ProblemError(
    'upload_too_slow',
    `At least ${minRate} bytes per second must arrive (UPLOAD_MIN_RATE), for UPLOAD_MAX_SECONDS at most.`,
    {},
    { Connection: 'close' },
  );
/** @param limit UPLOADS_AT_ONCE */
export const tooManyUploads = (limit: number) =>
  new ProblemError(
    'too_many_uploads',
    `At most ${limit} uploads of one client may send at once (UPLOADS_AT_ONCE). Try again when one has ended.`,
    { limit },
    { 'Retry-After': '5' },
  );
/** @param field that gives the length @param limit in bytes (UPLOAD_SHARE_BYTES) */
export const uploadShareFull = (field: string, limit: number) =>
  new ProblemError(
    'upload_share_full',
    `${field}: with it the unfinished uploads of this client would be more than ${limit} bytes (UPLOAD_SHARE_BYTES). Complete or delete one of them, or wait until they expire. Nothing was stored.`,
    { field, limit },
  );
export const uploadLocked = () =>
  new ProblemError(
    'upload_locked',
    'Another request still holds it. Try again in a moment.',
    {},
    { 'Retry-After': '2' },
  );

/** @param limit in bytes, of all files of a secret together (FILE_MAX_BYTES) */
export const fileTooLarge = (field: string, limit: number) =>
  new ProblemError(
    'file_too_large',
    `${field}: all files together must be at most ${limit} bytes (FILE_MAX_BYTES). Nothing was stored.`,
    { field, limit },
  );

/** @param limit FILE_COUNT_MAX */
export const tooManyFiles = (field: string, limit: number) =>
  new ProblemError(
    'too_many_files',
    `${field}: at most ${limit} files (FILE_COUNT_MAX). Nothing was stored.`,
    {
      field,
      limit,
    },
  );

/** @param allowed extensions without a dot (FILE_EXTENSIONS) */
export const extensionRefused = (field: string, allowed: readonly string[]) =>
  new ProblemError(
    'file_extension_refused',
    `${field}: only ${allowed.join(', ')} are accepted (FILE_EXTENSIONS). Nothing was stored.`,
    { field, allowed },
  );

/** @param length of the file, in bytes */
export const rangeNotSatisfiable = (length: number) =>
  new ProblemError(
    'range_not_satisfiable',
    `It has ${length} bytes. The view is not lost.`,
    { length },
    { 'Content-Range': `bytes */${length}` },
  );

export const filesElsewhere = () =>
  new ProblemError(
    'files_elsewhere',
    'This replica has another disk than the one with the files. Nothing was stored or opened. The administrator sets BLOB_STORE=s3 for several replicas.',
  );
