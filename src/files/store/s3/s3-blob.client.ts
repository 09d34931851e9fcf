import { S3Client } from '@aws-sdk/client-s3';

/** Location of the bucket, and credentials. */
export interface S3Place {
  readonly bucket: string;
  readonly region: string;
  /** URL of a server that speaks S3; AWS itself when undefined. */
  readonly endpoint: string | undefined;
  /** Whether the bucket is in the path, as on most servers but AWS, or in the host name. */
  readonly pathStyle: boolean;
  /** Prefix of the names of all objects. */
  readonly prefix: string;
  /** Undefined: the SDK looks in the environment, its files and the instance's role. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** Timeouts in milliseconds. */
export interface S3Patience {
  readonly connectMs: number;
  /** Until the answer begins: the largest part (52 MB) takes a minute at 1 MB/s. */
  readonly answerMs: number;
  /** Without a byte in either direction; a reader that pauses longer costs a new request. */
  readonly idleMs: number;
  /** Number of tries of a request. */
  readonly attempts: number;
}

/** With the SDK's delays a server that refuses connections fails after about a second. */
export const S3_PATIENCE: S3Patience = { connectMs: 5_000, answerMs: 60_000, idleMs: 60_000, attempts: 4 };

/** A download holds a connection until its end; with the SDK's 50 the 51st would wait for another's end. */
const SOCKETS = 1_024;

export function s3Client(place: S3Place, patience = S3_PATIENCE): S3Client {
  return new S3Client({
    region: place.region,
    forcePathStyle: place.pathStyle,
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    ...(place.credentials === undefined ? {} : { credentials: place.credentials }),
    maxAttempts: patience.attempts,
    retryMode: 'standard',
    // The SDK's default adds CRC32 headers and trailers that many servers do not know. The signature already
    // covers SHA-256 of every body, and the envelope authenticates every byte that is read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: patience.connectMs,
      requestTimeout: patience.answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: patience.idleMs,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
}
