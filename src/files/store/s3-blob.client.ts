import { S3Client } from '@aws-sdk/client-s3';

/** Where the bucket is, and who we are there. */
export interface S3Place {
  readonly bucket: string;
  readonly region: string;
  /** URL of a server that speaks S3; AWS itself when undefined. */
  readonly endpoint: string | undefined;
  /** Whether the bucket stands in the path, as most servers but AWS want it, and not in the host name. */
  readonly pathStyle: boolean;
  /** What the name of every object begins with. */
  readonly prefix: string;
  /** Undefined: the SDK looks in the environment, its files and the instance's role. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const CONNECT_MS = 5_000;
/** Until the answer begins: the largest part (52 MB) passes in it at 1 MB/s. */
const ANSWER_MS = 60_000;
/** Without a byte either way; a reader who pauses longer costs a new request. */
const IDLE_MS = 60_000;
/** With the SDK's pauses a server that refuses connections is given up after about a second. */
const ATTEMPTS = 4;
/** A download holds one for as long as it lasts; the SDK's 50 would make the 51st wait for another's end. */
const SOCKETS = 1_024;

/** @param attempts how often a request is tried in all */
export function s3Client(place: S3Place, attempts = ATTEMPTS): S3Client {
  return new S3Client({
    region: place.region,
    forcePathStyle: place.pathStyle,
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    ...(place.credentials === undefined ? {} : { credentials: place.credentials }),
    maxAttempts: attempts,
    retryMode: 'standard',
    // The SDK's default adds CRC32 headers and trailers that many servers do not know. The signature already covers
    // SHA-256 of every body that is sent, and the envelope authenticates every byte that is read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
}
