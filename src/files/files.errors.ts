import { ProblemError, type ProblemKind } from '../common/problem.js';

const kinds = {
  uploadNotFound: { code: 'upload_not_found', status: 404, title: 'There is no such upload' },
  uploadIncomplete: {
    code: 'upload_incomplete',
    status: 409,
    title: 'The upload is not complete',
    extras: ['offset', 'length'],
  },
  uploadConflict: {
    code: 'upload_conflict',
    status: 409,
    title: 'The upload continues at another offset',
    extras: ['offset'],
  },
  leaseEnded: { code: 'lease_ended', status: 410, title: 'The lease has ended' },
  tusVersionWrong: {
    code: 'tus_version_wrong',
    status: 412,
    title: 'The version of the protocol is not known',
  },
  uploadTooSlow: { code: 'upload_too_slow', status: 408, title: 'The files arrive too slowly' },
  tooManyUploads: {
    code: 'too_many_uploads',
    status: 429,
    title: 'Too many uploads at once',
    extras: ['limit'],
  },
  uploadShareFull: {
    code: 'upload_share_full',
    status: 429,
    title: 'Too much is unfinished',
    extras: ['field', 'limit'],
  },
  uploadLocked: { code: 'upload_locked', status: 423, title: 'The upload is being written' },
  fileTooLarge: {
    code: 'file_too_large',
    status: 413,
    title: 'The files are too large',
    extras: ['field', 'limit'],
  },
  tooManyFiles: {
    code: 'too_many_files',
    status: 413,
    title: 'There are too many files',
    extras: ['field', 'limit'],
  },
  extensionRefused: {
    code: 'file_extension_refused',
    status: 415,
    title: 'Files of this kind are not accepted',
    extras: ['field', 'allowed'],
  },
  rangeNotSatisfiable: {
    code: 'range_not_satisfiable',
    status: 416,
    title: 'The range lies outside the file',
    extras: ['length'],
  },
  filesElsewhere: { code: 'files_elsewhere', status: 503, title: 'Files are kept by another replica' },
} as const satisfies Record<string, ProblemKind>;

export const filesProblems: readonly ProblemKind[] = Object.values(kinds);

export const uploadNotFound = () =>
  new ProblemError(kinds.uploadNotFound, 'It was never begun, was deleted, or has expired. Begin again.');

/** @param offset bytes that have arrived, of `length` */
export const uploadIncomplete = (offset: number, length: number) =>
  new ProblemError(kinds.uploadIncomplete, `${offset} of ${length} bytes have arrived.`, { offset, length });

/** @param offset bytes that have arrived */
export const uploadConflict = (offset: number) =>
  new ProblemError(
    kinds.uploadConflict,
    `Upload-Offset must be ${offset}: that many bytes have arrived.`,
    { offset },
    { 'Upload-Offset': String(offset) },
  );

export const leaseEnded = () =>
  new ProblemError(
    kinds.leaseEnded,
    'The claim has no lease: it was acknowledged, or nothing renewed it in time.',
  );
/** @param version the supported one */
export const tusVersionWrong = (version: string) =>
  new ProblemError(kinds.tusVersionWrong, `Send Tus-Resumable: ${version}.`, {}, { 'Tus-Version': version });

/** @param minRate bytes per second (UPLOAD_MIN_RATE) */
export const bodyTooSlow = (minRate: number) =>
  new ProblemError(
    kinds.uploadTooSlow,
    `At least ${minRate} bytes per second must arrive (UPLOAD_MIN_RATE), for UPLOAD_MAX_SECONDS at most.`,
    {},
    { Connection: 'close' },
  );
/** @param limit UPLOADS_AT_ONCE */
export const tooManyUploads = (limit: number) =>
  new ProblemError(
    kinds.tooManyUploads,
    `At most ${limit} uploads of one client may send at once (UPLOADS_AT_ONCE). Try again when one has ended.`,
    { limit },
    { 'Retry-After': '5' },
  );
/** @param field that gives the length @param limit in bytes (UPLOAD_SHARE_BYTES) */
export const uploadShareFull = (field: string, limit: number) =>
  new ProblemError(
    kinds.uploadShareFull,
    `${field}: with it the unfinished uploads of this client would be more than ${limit} bytes (UPLOAD_SHARE_BYTES). Complete or delete one of them, or wait until they expire. Nothing was stored.`,
    { field, limit },
  );
export const uploadLocked = () =>
  new ProblemError(
    kinds.uploadLocked,
    'Another request still holds it. Try again in a moment.',
    {},
    { 'Retry-After': '2' },
  );

/** @param limit in bytes, of all files of a secret together (FILE_MAX_BYTES) */
export const fileTooLarge = (field: string, limit: number) =>
  new ProblemError(
    kinds.fileTooLarge,
    `${field}: all files together must be at most ${limit} bytes (FILE_MAX_BYTES). Nothing was stored.`,
    { field, limit },
  );

/** @param limit FILE_COUNT_MAX */
export const tooManyFiles = (field: string, limit: number) =>
  new ProblemError(
    kinds.tooManyFiles,
    `${field}: at most ${limit} files (FILE_COUNT_MAX). Nothing was stored.`,
    {
      field,
      limit,
    },
  );

/** @param allowed extensions without a dot (FILE_EXTENSIONS) */
export const extensionRefused = (field: string, allowed: readonly string[]) =>
  new ProblemError(
    kinds.extensionRefused,
    `${field}: only ${allowed.join(', ')} are accepted (FILE_EXTENSIONS). Nothing was stored.`,
    { field, allowed },
  );

/** @param length of the file, in bytes */
export const rangeNotSatisfiable = (length: number) =>
  new ProblemError(
    kinds.rangeNotSatisfiable,
    `It has ${length} bytes. The view is not lost.`,
    { length },
    { 'Content-Range': `bytes */${length}` },
  );

export const filesElsewhere = () =>
  new ProblemError(
    kinds.filesElsewhere,
    'This replica has another disk than the one with the files. Nothing was stored or opened. The administrator sets BLOB_STORE=s3 for several replicas.',
  );
