import type { FilesConfig } from '../../../platform/config/sections/app.config.js';
import type { ClientHashes } from '../../../rate-limit/client-hashes.js';
import { uploadShareKeys } from '../../../redis/redis-keys.js';
import type { RedisService } from '../../../redis/redis.service.js';
import { defineScript } from '../../../redis/script/define-script.js';
import { tagOf } from '../../../redis/script/script-reply.js';
import { uploadShareFull } from '../../files.errors.js';

/**
 * An entry outlives its upload by this many ms: an upload that was renewed at its last moment still counts.
 */
const MARGIN_MS = 1_000;
const DEFAULT_PART = 4;

/** @returns false when it would be more than the limit */
const countUploadScript = defineScript(import.meta.url, 'count-upload', {
  keys: ['ends', 'bytes'],
  args: { act: 'text', entry: 'text', ttlMs: 'number', bytes: 'number', limit: 'number' },
  parse: (reply) => tagOf(reply) === 'OK',
});

/** Input of the count of a new upload. */
export interface Announced {
  /** See clientOf. */
  readonly client: string;
  /** The field of the request that gives the length, for a refusal. */
  readonly field: string;
  /** At most FILE_MAX_BYTES are counted. */
  readonly bytes: number;
}

type Config = Pick<FilesConfig, 'uploadShareBytes' | 'quotaBytes' | 'maxBytes'>;

/**
 * Bytes that the unfinished uploads of one client may announce together (UPLOAD_SHARE_BYTES), counted in
 * Redis for all replicas. An entry expires with its upload, so that a crash costs a client its share for that
 * time at most.
 */
export class UploadShares {
  /** Bytes. */
  readonly limit: number;
  private readonly maxBytes: number;

  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly clients: Pick<ClientHashes, 'ofClient'>,
    { uploadShareBytes, quotaBytes, maxBytes }: Config,
  ) {
    this.limit = uploadShareBytes || Math.max(Math.floor(quotaBytes / DEFAULT_PART), maxBytes);
    this.maxBytes = maxBytes;
  }

  /**
   * @param ref 16 bytes, of the future secret @param ttlMs until it expires, unless it is kept
   * @returns the share, 22 characters that do not reveal the client @throws ProblemError upload_share_full
   */
  async take({ client, field, bytes }: Announced, ref: Buffer, ttlMs: number): Promise<string> {
    const share = this.clients.ofClient(client);
    const counted = Math.min(bytes, this.maxBytes);
    if (!(await this.run('take', share, ref, ttlMs, counted))) throw uploadShareFull(field, this.limit);
    return share;
  }

  /** Restarts its time to live. */
  async keep(share: string, ref: Buffer, ttlMs: number): Promise<void> {
    await this.run('keep', share, ref, ttlMs);
  }

  async give(share: string, ref: Buffer): Promise<void> {
    await this.run('give', share, ref);
  }

  private run(
    act: 'take' | 'keep' | 'give',
    share: string,
    ref: Buffer,
    ttlMs = 0,
    bytes = 0,
  ): Promise<boolean> {
    return this.redis.run(countUploadScript, uploadShareKeys(share), {
      act,
      entry: ref,
      ttlMs: ttlMs + MARGIN_MS,
      bytes,
      limit: this.limit,
    });
  }
}
