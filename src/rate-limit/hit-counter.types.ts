export interface Hit {
  readonly kind: string;
  /** Hash of an IP address, or the id of an API token. */
  readonly client: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly blockMs: number;
  /** Whether `countUnderClaim` follows a refusal, and records it. */
  readonly hasClaim: boolean;
  /** Bytes of text in the request; 0 for none. */
  readonly textBytes: number;
  /** Bytes of text that the client may send in an hour. */
  readonly textBytesPerHour: number;
}

/** `limit`: of requests, or of the bytes of texts; `retryMs`: until the client is served again. */
export type HitVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly limit: 'hits' | 'text-bytes'; readonly retryMs: number };
