import { Keyring } from '../crypto/keyring.js';
import type { ThreadTask } from '../database/thread-task.js';
import { ScriptConnection } from '../redis/script-connection.js';
import { AuditKeys } from './audit-keys.js';
import { AuditLoop } from './audit-loop.js';
import type { AuditTaskSettings } from './audit-report.js';
import { RedisOutbox } from './redis-outbox.js';

/** What the database thread runs for the audit trail. */
const task: ThreadTask<AuditTaskSettings> = {
  async start({ database, report, log }, settings) {
    const { redis: target, keyring, outboxMax, retentionDays, tombstoneMs, busy } = settings;
    const redis = await ScriptConnection.open(target, log);
    const gauge = busy && new Int32Array(busy);
    const loop = new AuditLoop({
      database,
      outbox: new RedisOutbox(redis, tombstoneMs),
      keys: new AuditKeys(Keyring.from(keyring)),
      outboxMax,
      retentionDays,
      busy: () => (gauge ? Atomics.load(gauge, 0) / 1_000 : 0),
      report,
      log,
    });
    loop.start();
    return {
      async stop() {
        await loop.stop();
        redis.close();
      },
    };
  },
};

export default task;
