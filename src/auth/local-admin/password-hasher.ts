import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { wipe } from '../../crypto/bytes.js';
import { JobQueue } from '../../crypto/kdf/job-queue.js';
import type { KdfLimits } from '../../crypto/kdf/passphrase.kdf.js';
import type { RandomSource } from '../../crypto/random-source.port.js';
import { NEW_HASH, type PasswordHash } from './password-hash.js';

const argon2Async = promisify(argon2);

/**
 * One at once: passphrases of people who open secrets come first. Guessing is stopped long before the queue
 * is full.
 */
const LIMITS: KdfLimits = { concurrency: 1, queue: 16 };

/** Argon2id (RFC 9106) of passwords, on the thread pool. Passwords are compared in Unicode NFC. */
export class PasswordHasher {
  private readonly jobs: JobQueue;

  constructor({ concurrency, queue }: KdfLimits = LIMITS) {
    this.jobs = new JobQueue(concurrency, queue);
  }

  /** @returns a hash with a salt of its own @throws KdfBusyError */
  async hash(password: string, random: RandomSource): Promise<PasswordHash> {
    const { memory, passes, parallelism, saltBytes, hashBytes } = NEW_HASH;
    const cost = { memory, passes, parallelism, salt: random.bytes(saltBytes) };
    return { ...cost, hash: await this.derive(password, cost, hashBytes) };
  }

  /** Takes as long for a wrong password as for the right one. @throws KdfBusyError when too many are waiting */
  async verify(password: string, expected: PasswordHash): Promise<boolean> {
    const actual = await this.derive(password, expected, expected.hash.length);
    return timingSafeEqual(actual, expected.hash);
  }

  private async derive(
    password: string,
    { memory, passes, parallelism, salt }: Omit<PasswordHash, 'hash'>,
    tagLength: number,
  ): Promise<Buffer> {
    const message = Buffer.from(password.normalize('NFC'), 'utf8');
    const parameters = { memory, passes, parallelism, message, nonce: salt, tagLength };
    return this.jobs.run(() => argon2Async('argon2id', parameters)).finally(() => wipe(message));
  }
}
