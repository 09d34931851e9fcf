import { setTimeout as delay } from 'node:timers/promises';

import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';

import { encodeOrigin } from '../../audit/events/audit-event.js';
import { ProblemError } from '../../platform/http/problem/problem.js';
import { filesConfig, type FilesConfig } from '../../platform/config/sections/app.config.js';
import { DiskReserve } from '../../platform/disk/disk-reserve.js';
import { MetricsService } from '../../platform/metrics/metrics.service.js';
import { RedisSecretStore } from '../../secrets/record/redis-secret.store.js';
import { RedisBlobStoreBinding } from '../store/binding/redis-blob-store-binding.js';
import { BlobStoreAwayError } from '../store/blob-store.errors.js';
import { BLOB_STORE, type BlobStore } from '../store/blob-store.port.js';
import { BLOB_OWNERS, type BlobOwners } from './blob-owners.port.js';
import { Sweep } from './sweep.js';

const SYSTEM = encodeOrigin({ actor: 'system', ipAddress: null, userAgent: null });

/** Sweeps at the start and every FILE_SWEEP_SECONDS, one round at a time. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Sweeper.name);
  private readonly stopping = new AbortController();
  private readonly sweep: Sweep;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(BLOB_OWNERS) owners: BlobOwners,
    secrets: RedisSecretStore,
    private readonly here: RedisBlobStoreBinding,
    @Inject(filesConfig.KEY) private readonly config: FilesConfig,
    private readonly metrics: MetricsService,
    private readonly disk: DiskReserve,
  ) {
    const log = (message: string, ref: string): void => this.logger.warn({ ref }, message);
    this.sweep = new Sweep({ blobs, owners, secrets, here, origin: SYSTEM, log });
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Resolves when the current round has ended. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.round();
      await delay(this.config.sweepSeconds * 1_000, undefined, { signal, ref: false }).catch(
        (error: unknown) => {
          if (!signal.aborted) throw error;
        },
      );
    }
  }

  /** A round that fails is repeated at the next interval: nothing of it is lost. */
  private async round(): Promise<void> {
    try {
      await this.here.refresh();
      this.metrics.swept(await this.sweep.round(this.stopping.signal));
      await this.disk.look();
      this.metrics.blobBytes(await this.blobs.usedBytes());
    } catch (error) {
      // An outage of Redis is logged elsewhere.
      if (error instanceof ProblemError) return;
      if (error instanceof BlobStoreAwayError)
        this.logger.warn({ reason: error.reason }, 'files wait to be swept');
      else this.logger.error({ err: error }, 'files could not be swept');
    }
  }
}
