import { Injectable } from '@nestjs/common';

type Listener = (ref: Buffer) => void;

/**
 * Notifies listeners that a secret ended in this process. Only a hint: an expiry, or an end in another
 * process, is not announced.
 */
@Injectable()
export class SecretEnds {
  private readonly listeners: Listener[] = [];

  /** @param listener must not throw; it is not waited for */
  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** @param ref the 16-byte reference */
  announce(ref: Buffer): void {
    for (const listener of this.listeners) listener(ref);
  }
}
