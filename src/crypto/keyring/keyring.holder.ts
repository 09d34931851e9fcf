import type { CurrentKeyring, Keyring } from './keyring.js';

/** Called with a new keyring; resolves when it is in use there. Must not reject. */
export type KeyringListener = (keyring: Keyring) => void | Promise<void>;

/**
 * The current keyring. It is swapped as a whole, so read `current` once for several keys of one moment; a
 * copy of it, or of a value derived from it, misses the next rotation.
 */
export class KeyringHolder implements CurrentKeyring {
  private readonly listeners: KeyringListener[] = [];

  constructor(private keyring: Keyring) {}

  get current(): Keyring {
    return this.keyring;
  }

  /** @param listener of every later keyring, not of the current one */
  onChange(listener: KeyringListener): void {
    this.listeners.push(listener);
  }

  /** Swaps the keyring. Resolves when every listener uses it. */
  async replace(next: Keyring): Promise<void> {
    this.keyring = next;
    await Promise.all(this.listeners.map((listener) => listener(next)));
  }
}
