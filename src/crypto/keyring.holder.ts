import type { CurrentKeyring, Keyring } from './keyring.js';

/** Hears of another keyring; resolves when it is in use there. It must not reject. */
export type KeyringListener = (keyring: Keyring) => void | Promise<void>;

/**
 * The keyring in use. It is swapped whole, so whoever needs several keys of one moment reads `current` once; whoever
 * keeps it, or anything made from it, beyond that moment misses the next rotation.
 */
export class KeyringHolder implements CurrentKeyring {
  private readonly listeners: KeyringListener[] = [];

  constructor(private keyring: Keyring) {}

  get current(): Keyring {
    return this.keyring;
  }

  /** @param listener of every later keyring, not of the one that is there */
  onChange(listener: KeyringListener): void {
    this.listeners.push(listener);
  }

  /** Puts another keyring in its place. Resolves when everybody who listens uses it. */
  async replace(next: Keyring): Promise<void> {
    this.keyring = next;
    await Promise.all(this.listeners.map((listener) => listener(next)));
  }
}
