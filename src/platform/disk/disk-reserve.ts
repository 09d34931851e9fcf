import { Logger, type OnModuleInit } from '@nestjs/common';

import type { Clock } from '../../common/clock.js';
import { storageFull } from '../http/problem/store.errors.js';
import type { MetricsService } from '../metrics/metrics.service.js';
import type { DiskSpace } from './disk-space.port.js';

/** Milliseconds that a measurement counts; bytes admitted meanwhile are subtracted. */
const MEASURED_FOR_MS = 250;
const WARN_EVERY_MS = 60_000;

export interface DiskReserveOptions {
  readonly space: DiskSpace;
  /** DISK_RESERVE_BYTES */
  readonly reservedBytes: number;
  /** The data in DATA_DIR; other data has its own server and disk. */
  readonly holds: { readonly records: boolean; readonly files: boolean };
  readonly clock: Clock;
  readonly metrics: Pick<MetricsService, 'diskFree'>;
}

/**
 * Keeps a part of the disk for opening and burning. Both write a little (the embedded Redis its append-only
 * file, the trail its events), and a Redis that cannot write ends: so creation stops while there is still
 * space.
 */
export class DiskReserve implements OnModuleInit {
  private readonly logger = new Logger(DiskReserve.name);
  private measuring: Promise<void> | undefined;
  /** Free bytes above the reserve; unknown until the first measurement and after one that failed. */
  private room = Infinity;
  private measuredAt = -Infinity;
  private warnedAt = -Infinity;

  constructor(private readonly options: DiskReserveOptions) {}

  async onModuleInit(): Promise<void> {
    await this.look();
  }

  /** Updates the metric of free bytes. */
  async look(): Promise<void> {
    const { records, files } = this.options.holds;
    if (records || files) await (this.measuring ??= this.measure());
  }

  /** @throws ProblemError storage_full */
  async requireForRecord(): Promise<void> {
    if (this.options.holds.records) await this.require(0);
  }

  /** @param bytes about to be written @throws ProblemError storage_full */
  async requireForFiles(bytes: number): Promise<void> {
    const { records, files } = this.options.holds;
    if (files) await this.require(bytes);
    else if (records) await this.require(0);
  }

  private async require(bytes: number): Promise<void> {
    const { reservedBytes, clock } = this.options;
    if (reservedBytes === 0) return;
    if (clock.now() - this.measuredAt >= MEASURED_FOR_MS) await (this.measuring ??= this.measure());
    if (this.room > bytes) {
      this.room -= bytes;
      return;
    }
    if (clock.now() - this.warnedAt >= WARN_EVERY_MS) {
      this.warnedAt = clock.now();
      this.logger.warn({ reservedBytes }, 'the disk is down to its reserve: new secrets are refused');
    }
    throw storageFull('The disk is down to the reserve for opening and burning (DISK_RESERVE_BYTES).');
  }

  private async measure(): Promise<void> {
    const { space, reservedBytes, clock, metrics } = this.options;
    try {
      const free = await space.freeBytes();
      metrics.diskFree(free);
      this.room = free - reservedBytes;
    } catch (error) {
      // A failed measurement must not stop a portal that may have space.
      this.room = Infinity;
      this.logger.warn({ err: error }, 'the free space of DATA_DIR cannot be measured');
    } finally {
      this.measuredAt = clock.now();
      this.measuring = undefined;
    }
  }
}
