import { argon2, hash } from 'node:crypto';
import { promisify } from 'node:util';
import { ID_BYTES } from '../../common/ids.js';
import { KEY_BYTES } from '../envelope/aead.js';
import { requireLength, wipe } from '../bytes.js';
import { JobQueue } from './job-queue.js';

const argon2Async = promisify(argon2);

const SALT_LABEL = Buffer.from('burnbag/passphrase-salt/v1', 'ascii');
const VERIFIER_LABEL = Buffer.from('burnbag/verifier/v1', 'ascii');
const SALT_BYTES = 16;

/** Argon2id (RFC 9106) with OWASP's setting for 46 MiB, one pass, one lane. */
export const ARGON2_COST = { memory: 47_104, passes: 1, parallelism: 1 } as const;

export interface KdfLimits {
  /** Derivations at once: each takes 46 MiB and one of the four threads of the pool. */
  readonly concurrency: number;
  /** Derivations that may wait. */
  readonly queue: number;
}

export const DEFAULT_KDF_LIMITS: KdfLimits = { concurrency: 2, queue: 64 };

export interface PassphraseKeys {
  /** 32 bytes: an input of the content key. Never stored. */
  readonly passphraseKey: Buffer;
  /** 32 bytes: stored, and compared to count wrong attempts. Reveals nothing about the key. */
  readonly verifier: Buffer;
}

/** Derives key material from a passphrase on the thread pool, off the event loop. */
export class PassphraseKdf {
  private readonly jobs: JobQueue;

  constructor({ concurrency, queue }: KdfLimits = DEFAULT_KDF_LIMITS) {
    this.jobs = new JobQueue(concurrency, queue);
  }

  /**
   * @param passphrase any well-formed text; compared in Unicode NFC
   * @param id 16 bytes; the salt is derived from it and never stored, so that guessing needs the link
   * @param client shares the queue with the others @throws KdfBusyError when too many are waiting
   */
  async derive(passphrase: string, id: Uint8Array, client = ''): Promise<PassphraseKeys> {
    requireLength('id', id, ID_BYTES);
    const message = Buffer.from(passphrase.normalize('NFC'), 'utf8');
    const parameters = { ...ARGON2_COST, message, nonce: saltOf(id), tagLength: 2 * KEY_BYTES };
    const output = await this.jobs
      .run(() => argon2Async('argon2id', parameters), client)
      .finally(() => wipe(message));
    const keys = { passphraseKey: Buffer.from(output.subarray(0, KEY_BYTES)), verifier: verifierOf(output) };
    wipe(output);
    return keys;
  }
}

function saltOf(id: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([SALT_LABEL, id]), 'buffer').subarray(0, SALT_BYTES);
}

function verifierOf(output: Buffer): Buffer {
  return hash('sha256', Buffer.concat([VERIFIER_LABEL, output.subarray(KEY_BYTES)]), 'buffer');
}
