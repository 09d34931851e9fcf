import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';

import { ProblemError } from '../platform/http/problem/problem.js';
import { KeyFileWatch } from '../crypto/key-source/key-file.watch.js';
import { keyFingerprints } from '../crypto/keyring/key-check.js';
import type { KeyringHolder } from '../crypto/keyring/keyring.holder.js';
import { keyFileOf, openKeyring, requireKeyFile, type KeySource } from '../crypto/keyring/keyring.loader.js';
import type { Keyring } from '../crypto/keyring/keyring.js';
import type { Replica } from './replica-registry.types.js';
import type { RedisReplicaRegistry } from './redis-replica-registry.js';
import { sealingKey } from './sealing-key.js';

const ANNOUNCE_MS = 5_000;
/** Longer than any answer of Redis may take, so that no claim under a key still waits for one. */
const DROP_MS = 15_000;

/**
 * Lets this replica take part in a rotation without a restart: it notices a changed key file, announces its
 * keys to the others, and seals with the file's primary key once all of them can open with it (ADR 0029).
 */
export class KeyRotation implements BeforeApplicationShutdown {
  private readonly logger = new Logger('KeyRotation');
  private wanted: Keyring;
  private timer: NodeJS.Timeout | undefined;
  private watch: KeyFileWatch | undefined;
  private opened: { readonly spec: string; readonly keyring: Promise<Keyring> } | undefined;
  private working: Promise<unknown> = Promise.resolve();
  private told: string | undefined;

  constructor(
    private readonly holder: KeyringHolder,
    private readonly registry: RedisReplicaRegistry,
    private readonly source: KeySource,
  ) {
    this.wanted = holder.current;
  }

  /**
   * Before anything is sealed or signed. @throws RedisUnfitError for a key other than the one of this id in
   * the store
   */
  async start(): Promise<void> {
    await this.registry.bind(keyFingerprints(this.wanted));
    const others = await this.registry.announce({ primary: undefined, ids: this.wanted.ids });
    await this.settle(others);
    await this.announce();
    this.timer = setInterval(() => this.soon(() => this.round()), ANNOUNCE_MS).unref();
    const path = keyFileOf(this.source);
    if (path === undefined) return;
    this.watch = new KeyFileWatch({
      path,
      current: requireKeyFile(path),
      offer: (spec, sinceMs) => this.inTurn(() => this.take(spec, path, sinceMs)),
      failed: (error) => this.tell(error),
    });
    this.watch.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.watch?.stop();
    await this.inTurn(() => this.registry.leave()).catch((error: unknown) => this.tell(error));
  }

  /** Every replica holds the new keys before any seals with them: hold, announce, and only then decide. */
  private async take(spec: string, path: string, sinceMs: number): Promise<boolean> {
    if (this.opened?.spec !== spec)
      this.opened = { spec, keyring: openKeyring(spec, path, this.source.provider) };
    const next = await this.opened.keyring.catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    const { current } = this.holder;
    const dropped = current.ids.filter((id) => !next.ids.includes(id));
    if (dropped.length > 0 && sinceMs < DROP_MS) return false;
    await this.registry.bind(keyFingerprints(next));
    this.wanted = next;
    const stays = next.ids.includes(current.primary.id);
    await this.holder.replace(stays ? next.promote(current.primary.id) : next);
    this.opened = undefined;
    this.logger.log(`the key file has changed: holding the keys ${next.ids.join(', ')}`);
    for (const id of dropped) this.logger.log(`key ${id} is held no longer`);
    await this.round();
    return true;
  }

  private async round(): Promise<void> {
    if (await this.settle(await this.announce())) await this.announce();
    if (this.told !== undefined) this.logger.log('the keys are up to date again');
    this.told = undefined;
  }

  /** @returns whether this replica seals with another key now */
  private async settle(others: readonly Replica[]): Promise<boolean> {
    const { current } = this.holder;
    const id = sealingKey(this.wanted, others);
    if (id === current.primary.id) return false;
    await this.holder.replace(this.wanted.promote(id));
    const wish = this.wanted.primary.id;
    const why = id === wish ? '' : `, since not every replica holds key ${wish} yet`;
    this.logger.log(`sealing with key ${id} now${why}`);
    return true;
  }

  private announce(): Promise<Replica[]> {
    const { ids, primary } = this.holder.current;
    return this.registry.announce({ primary: primary.id, ids });
  }

  private soon(work: () => Promise<void>): void {
    this.inTurn(work).catch((error: unknown) => this.tell(error));
  }

  /** One change of the keyring at a time. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.working.then(work);
    this.working = turn.catch(() => undefined);
    return turn;
  }

  /** Logs each failure once. An outage of Redis is logged elsewhere. */
  private tell(error: unknown): void {
    if (error instanceof ProblemError) return;
    const reason = error instanceof Error ? error.message : String(error);
    if (this.told === reason) return;
    this.told = reason;
    this.logger.error(`the keys stay as they were: ${reason}`);
  }
}
