import { setPriority } from 'node:os';

import { Keyring } from '../../crypto/keyring/keyring.js';
import type { ThreadTask } from '../../database/thread/thread-task.js';
import { openTracing } from '../../platform/tracing/open-tracing.js';
import { ScriptConnection } from '../../redis/script/script-connection.js';
import { AuditKeys } from '../chain/audit-keys.js';
import { AuditLoop } from './audit-loop.js';
import { loadSubscribers } from '../subscriber/audit-subscriber.js';
import type { AuditRequest, AuditTaskSettings } from './audit-report.js';
import { comparePositions } from '../position/compare-positions.js';
import { RedisReconciler } from '../position/redis-reconciler.js';
import { RedisOutbox } from '../outbox/redis-outbox.js';
import { answerVerify, stoppable } from '../verify/verify-request.js';

/** Low enough that a batch does not delay requests, high enough to keep up under load. */
const POLITE = 5;

/**
 * On a core shared with the requests: lets the kernel prefer them, which only Linux does for a single thread.
 */
function stepAside(): void {
  if (process.platform === 'linux') setPriority(0, POLITE);
}

/** The task of the database thread that keeps the audit trail. */
const task: ThreadTask<AuditTaskSettings> = {
  async start({ database, report, log }, settings) {
    const {
      redis: target,
      keyring,
      subscribers,
      outboxMax,
      retentionDays,
      tombstoneMs,
      reconcile,
      busy,
    } = settings;
    const tracing = await openTracing(settings.tracing, log);
    const redis = await ScriptConnection.open(target, log, settings.burnQuorum);
    let keys = new AuditKeys(Keyring.from(keyring));
    const stopping = new AbortController();
    const loaded = await loadSubscribers(subscribers);
    const gauge = busy && new Int32Array(busy);
    if (gauge) stepAside();
    const loop = new AuditLoop({
      database,
      outbox: new RedisOutbox(redis, tombstoneMs),
      reconciler:
        reconcile === 'auto'
          ? (lookup) => new RedisReconciler({ database, redis, lookup, tombstoneMs })
          : undefined,
      keys,
      subscribers: loaded,
      outboxMax,
      retentionDays,
      busy: gauge && (() => Atomics.load(gauge, 0) / 1_000),
      tracing,
      report,
      log,
    });
    loop.start();
    return {
      async stop() {
        stopping.abort();
        await loop.stop();
        redis.close();
        await tracing?.stop();
      },
      async handle(message) {
        const request = message as AuditRequest;
        if (request.kind === 'verify') {
          return answerVerify(stoppable(database, stopping.signal), keys, request);
        }
        if (request.kind === 'position') {
          // Any request of the main thread makes the relay check each chain again.
          loop.lookAgain();
          return comparePositions(database, keys, request);
        }
        keys = new AuditKeys(Keyring.from(request.keyring));
        return loop.useKeys(keys);
      },
    };
  },
};

export default task;
