import { DEFAULT_POLICY } from '@burnbag/contract';

import { oneOf, text, wholeNumber } from '../config.schema.js';
import { endpointUrl } from '../endpoint-url.js';

const DAY = 86_400;
const MIB = 1_048_576;
const GIB = 1024 * MIB;
const PIB = 1024 * 1024 * GIB;
/** The most that an operator can allow in one secret. */
export const FILE_BYTES_MOST = PIB;
export const FILE_COUNT_MOST = 1_000;

const EXTENSION_LIST = /^\.?[a-z0-9]{1,16}(\s*,\s*\.?[a-z0-9]{1,16})*$/i;

/** FILE_EXTENSIONS as a list in lower case without dots; null when every one is allowed. */
export function allowedExtensions(list: string | undefined): string[] | null {
  if (list === undefined) return null;
  return list.split(',').map((extension) => extension.trim().replace(/^\./, '').toLowerCase());
}

/** Files: allowed files, lease times, and storage. */
export const filesArea = {
  allowed: oneOf({
    env: 'FILES',
    doc: 'off: new files are refused. Stored ones can still be opened.',
    values: ['on', 'off'],
    fallback: 'on',
  }),
  maxBytes: wholeNumber({
    env: 'FILE_MAX_BYTES',
    doc: 'Largest total size of the files of one secret, in bytes.',
    fallback: DEFAULT_POLICY.fileMaxBytes,
    min: 1,
    max: FILE_BYTES_MOST,
  }),
  countMax: wholeNumber({
    env: 'FILE_COUNT_MAX',
    doc: 'Most files in one secret.',
    fallback: DEFAULT_POLICY.fileCountMax,
    min: 1,
    max: FILE_COUNT_MOST,
  }),
  quotaBytes: wholeNumber({
    env: 'FILE_QUOTA_BYTES',
    doc: 'Most bytes that all stored files may take together; past it uploads are refused.',
    fallback: 10 * GIB,
    min: 1,
    max: PIB,
  }),
  extensions: text({
    env: 'FILE_EXTENSIONS',
    doc: 'Only files with these extensions, for example pdf,zip,pem. Empty: all. For sealed files the browser checks it: the server does not see names.',
    fallback: undefined,
    check: (raw) =>
      EXTENSION_LIST.test(raw) ? undefined : 'must be extensions separated by commas, for example pdf,zip',
  }),
  leaseSeconds: wholeNumber({
    env: 'FILE_LEASE_SECONDS',
    doc: 'How long a reader who claimed files may begin or resume a download; every fetch, progress and renewal begins it again.',
    fallback: DEFAULT_POLICY.fileLeaseSeconds,
    min: 1,
    max: DAY,
  }),
  downloadMinRate: wholeNumber({
    env: 'DOWNLOAD_MIN_RATE',
    doc: 'Bytes per second of the slowest reader. A proxy may buffer a download and send it on slowly, so each fetch extends the lease by the time that all files take at this rate.',
    fallback: 16_384,
    min: 1,
    max: GIB,
  }),
  leaseMaxSeconds: wholeNumber({
    env: 'FILE_LEASE_MAX',
    doc: 'Seconds after the claim at which its lease and every download under it end, whatever renews them.',
    fallback: DAY,
    min: 1,
    max: 30 * DAY,
  }),
  uploadMinRate: wholeNumber({
    env: 'UPLOAD_MIN_RATE',
    doc: 'Bytes per second of files that a client must send, over 30 s; slower ones are cut off. A resumable upload can be continued, a form begins again.',
    fallback: 1_024,
    min: 1,
    max: GIB,
  }),
  uploadMaxSeconds: wholeNumber({
    env: 'UPLOAD_MAX_SECONDS',
    doc: 'Seconds that one request may take to send files.',
    fallback: 6 * 3_600,
    min: 10,
    max: 30 * DAY,
  }),
  uploadsAtOnce: wholeNumber({
    env: 'UPLOADS_AT_ONCE',
    doc: 'Most requests of one client (IP address, person or token) that send files at once, in each process.',
    fallback: 32,
    min: 1,
    max: 100_000,
  }),
  uploadShareBytes: wholeNumber({
    env: 'UPLOAD_SHARE_BYTES',
    doc: 'Most bytes that the unfinished uploads of one client (IP address, person or token) may announce together, FILE_MAX_BYTES at least. 0: a quarter of FILE_QUOTA_BYTES, or FILE_MAX_BYTES if that is more.',
    fallback: 0,
    min: 0,
    max: PIB,
  }),
  uploadLifetimeSeconds: wholeNumber({
    env: 'UPLOAD_LIFETIME_SECONDS',
    doc: 'Seconds after its beginning in which an upload must be complete, whatever its progress.',
    fallback: DAY,
    min: 10,
    max: 30 * DAY,
  }),
  uploadIdleSeconds: wholeNumber({
    env: 'UPLOAD_IDLE_SECONDS',
    doc: 'Seconds in which an interrupted upload can be resumed; its bytes use storage until then.',
    fallback: 4 * 3_600,
    min: 10,
    max: 30 * DAY,
  }),
  sweepSeconds: wholeNumber({
    env: 'FILE_SWEEP_SECONDS',
    doc: 'Seconds between searches for files without a secret.',
    fallback: 60,
    min: 1,
    max: DAY,
  }),
  store: oneOf({
    env: 'BLOB_STORE',
    doc: 'Where encrypted files are kept: disk (in DATA_DIR) or s3 (several replicas).',
    values: ['disk', 's3'],
    fallback: 'disk',
  }),
  s3Bucket: text({ env: 'S3_BUCKET', doc: 'Bucket for BLOB_STORE=s3.', fallback: undefined }),
  s3Region: text({ env: 'S3_REGION', doc: 'Its region.', fallback: 'us-east-1' }),
  s3Endpoint: text({
    env: 'S3_ENDPOINT',
    doc: 'URL of an S3-compatible server. Empty: AWS.',
    fallback: undefined,
    check: endpointUrl({ schemes: ['http', 'https'], path: 'any' }),
  }),
  s3AccessKeyId: text({
    env: 'S3_ACCESS_KEY_ID',
    doc: "Empty: the SDK's own chain (environment, instance role).",
    fallback: undefined,
    secret: true,
  }),
  s3SecretAccessKey: text({
    env: 'S3_SECRET_ACCESS_KEY',
    doc: 'Belongs to S3_ACCESS_KEY_ID.',
    fallback: undefined,
    secret: true,
  }),
  s3PathStyle: oneOf({
    env: 'S3_PATH_STYLE',
    doc: 'on for servers that have the bucket in the path instead of the host name.',
    values: ['on', 'off'],
    fallback: 'off',
  }),
  s3Prefix: text({
    env: 'S3_PREFIX',
    doc: 'Prefix of the names of all objects, for example burnbag/.',
    fallback: '',
  }),
};
