import type { SystemState, Verification } from '@burnbag/contract';
import { Inject, Injectable } from '@nestjs/common';

import { AuditStatus } from '../../audit/relay/audit-status.js';
import { VerifyInThread } from '../../audit/verify/verify-in-thread.js';
import { ProblemError } from '../../platform/http/problem/problem.js';
import {
  auditConfig,
  databaseConfig,
  filesConfig,
  type AuditConfig,
  type DatabaseConfig,
  type FilesConfig,
} from '../../platform/config/sections/app.config.js';
import { KeyringHolder } from '../../crypto/keyring/keyring.holder.js';
import { DATABASE, DatabaseAwayError, type Queries } from '../../database/database.port.js';
import { BLOB_STORE, type BlobStore } from '../../files/store/blob-store.port.js';
import { BlobStoreAwayError } from '../../files/store/blob-store.errors.js';
import { VERSION } from '../../common/version.js';
import { withTimeout } from '../../common/with-timeout.js';
import { STORE_INFO, type StoreInfo } from './store-facts.port.js';

const PATIENCE_MS = 2_000;

@Injectable()
export class ReadSystem {
  constructor(
    private readonly status: AuditStatus,
    private readonly verifying: VerifyInThread,
    private readonly keys: KeyringHolder,
    @Inject(STORE_INFO) private readonly store: StoreInfo,
    @Inject(DATABASE) private readonly database: Queries,
    @Inject(BLOB_STORE) private readonly blobs: Pick<BlobStore, 'usedBytes'>,
    @Inject(databaseConfig.KEY) private readonly databaseSettings: DatabaseConfig,
    @Inject(filesConfig.KEY) private readonly files: FilesConfig,
    @Inject(auditConfig.KEY) private readonly audit: AuditConfig,
  ) {}

  async execute(): Promise<SystemState> {
    const [redis, reachable, bytesStored, lastVerification] = await Promise.all([
      this.store.facts(),
      this.databaseAnswers(),
      this.bytesStored(),
      this.lastVerification(),
    ]);
    const { trail, events, oldestMs, setAside } = this.status.report;
    return {
      version: VERSION,
      outbox: {
        waiting: events,
        max: this.audit.outboxMax,
        oldestAgeSeconds: events > 0 ? Math.round(oldestMs / 1_000) : null,
      },
      database: { engine: this.databaseSettings.url === undefined ? 'pglite' : 'postgresql', reachable },
      redis: {
        reachable: redis !== undefined,
        version: redis?.version ?? null,
        usedMemoryBytes: redis?.usedMemoryBytes ?? null,
      },
      files: { store: this.files.store, bytesStored, quotaBytes: this.files.quotaBytes },
      keyring: this.keys.current.states,
      chain: {
        state: trail,
        verifying: this.verifying.isRunning,
        setAsideEvents: setAside,
        lastVerification,
      },
    };
  }

  private async databaseAnswers(): Promise<boolean> {
    const answer = this.database.query('SELECT 1 AS one').then(
      () => true,
      (error: unknown) => {
        if (error instanceof DatabaseAwayError) return false;
        throw error;
      },
    );
    return (await withTimeout(PATIENCE_MS, answer)) ?? false;
  }

  private async bytesStored(): Promise<number | null> {
    const answer = this.blobs.usedBytes().catch((error: unknown) => {
      if (error instanceof BlobStoreAwayError) return null;
      throw error;
    });
    return (await withTimeout(PATIENCE_MS, answer)) ?? null;
  }

  private async lastVerification(): Promise<Verification | null> {
    try {
      return (await this.verifying.last()) ?? null;
    } catch (error) {
      // The outage of Redis is reported by its own field.
      if (error instanceof ProblemError) return null;
      throw error;
    }
  }
}
