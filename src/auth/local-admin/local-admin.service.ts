import { hash, timingSafeEqual } from 'node:crypto';

import { isLongerThan, PASSWORD_MAX_CHARACTERS, USERNAME_MAX_CHARACTERS } from '@burnbag/contract';

import { validationFailed } from '../../platform/http/problem/common.errors.js';
import { KdfBusyError } from '../../crypto/crypto.errors.js';
import { localSignInOff, signInBusy, signInLocked, signInWrong } from './local-admin.errors.js';
import type { PasswordHash } from './password-hash.js';
import type { PasswordHasher } from './password-hasher.js';
import type { SignInTry } from './sign-in-throttle.types.js';
import type { RedisSignInThrottle } from './redis-sign-in-throttle.js';
import type { SignInHashes } from './sign-in-hashes.js';

/** The one local account. */
export interface AdminAccount {
  readonly username: string;
  readonly passwordHash: PasswordHash;
}

/** Credentials as typed, and the client. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** IP address of the client. */
  readonly ip: string;
}

/** Signs the local administrator in. The caller makes the session. */
export class LocalAdmin {
  /** @param account undefined: there is none, and every sign-in fails */
  constructor(
    private readonly account: AdminAccount | undefined,
    private readonly guard: RedisSignInThrottle,
    private readonly hasher: Pick<PasswordHasher, 'verify'>,
    private readonly hashes: Pick<SignInHashes, 'of'>,
  ) {}

  get exists(): boolean {
    return this.account !== undefined;
  }

  /**
   * @returns the administrator's name
   * @throws ProblemError sign_in_wrong, sign_in_locked, sign_in_busy, local_sign_in_off, validation_failed, store_unavailable
   */
  async signIn(credentials: Credentials): Promise<string> {
    if (!this.account) throw localSignInOff();
    requireSizes(credentials);
    const attempt = this.hashes.of(credentials.username, credentials.ip);
    // Counted first: guesses sent at once are limited like guesses sent one after the other.
    const waitMs = await this.guard.begin(attempt);
    if (waitMs !== undefined) throw signInLocked(waitMs);
    if (!(await this.matches(this.account, credentials, attempt))) throw signInWrong();
    await this.guard.succeeded(attempt);
    return this.account.username;
  }

  /** A wrong name costs the same work as a wrong password, so that the time reveals nothing. */
  private async matches(account: AdminAccount, typed: Credentials, attempt: SignInTry): Promise<boolean> {
    const named = equalTexts(typed.username.normalize('NFC'), account.username.normalize('NFC'));
    try {
      const opened = await this.hasher.verify(typed.password, account.passwordHash);
      return opened && named;
    } catch (error) {
      if (!(error instanceof KdfBusyError)) throw error;
      await this.guard.undo(attempt);
      throw signInBusy();
    }
  }
}

function requireSizes({ username, password }: Credentials): void {
  const problems = [
    { field: 'username', text: username, limit: USERNAME_MAX_CHARACTERS },
    { field: 'password', text: password, limit: PASSWORD_MAX_CHARACTERS },
  ].flatMap(({ field, text, limit }) =>
    text !== '' && !isLongerThan(text, limit)
      ? []
      : [{ field, message: `must be 1 to ${limit} characters`, limit }],
  );
  if (problems.length > 0) throw validationFailed(problems);
}

function equalTexts(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}
