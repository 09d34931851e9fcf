import type { Redis } from 'ioredis';

import { AuditLoop, type AuditLoopOptions } from '../../../src/audit/relay/audit-loop.js';
import type { AuditReport } from '../../../src/audit/relay/audit-report.js';
import type { ChainHead } from '../../../src/audit/chain/audit-chain.js';
import { AuditKeys, signingKey } from '../../../src/audit/chain/audit-keys.js';
import { verifyTrail, type Verdict } from '../../../src/audit/verify/audit-verify.js';
import { decodeHead } from '../../../src/audit/chain/chain-encoding.js';
import type { Outbox } from '../../../src/audit/outbox/outbox.port.js';
import { RedisOutbox } from '../../../src/audit/outbox/redis-outbox.js';
import { Relay } from '../../../src/audit/relay/relay.js';
import type { Database, Queries, Row } from '../../../src/database/database.port.js';
import { migrate, nameTrail } from '../../../src/database/migrate.js';
import { openDatabase, type DatabaseTarget } from '../../../src/database/open-database.js';
import { outboxKeys } from '../../../src/redis/redis-keys.js';
import { ScriptRunner } from '../../../src/redis/script/script-runner.js';
import type { TestEngine } from '../../support/database-matrix.js';
import { startRedis, type TestRedis } from '../../support/redis-server.js';
import { connectTo } from './portal.js';
import { ScriptBench, TOMBSTONE_MS } from './script-bench.js';
import { BUCKETS, newKeyring, prepareTrail } from './trail.js';

const TABLES = ['audit_events', 'audit_set_aside', 'audit_chains', 'audit_keys', 'audit_hours', 'secrets'];

/** A row of audit_events without its hashes. */
export interface TrailRow extends Row {
  readonly id: number;
  readonly bucket: number;
  readonly sequence: number;
  readonly stream_id: string;
  readonly ref: string;
  readonly action: string;
  readonly actor: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly extra_data: Readonly<Record<string, unknown>>;
}

/** The events of a database in the order of their chains. */
export function trailRows(queries: Queries): Promise<TrailRow[]> {
  return queries.query<TrailRow>(
    `SELECT id, bucket, sequence, stream_id, ref, action, actor, ip_address, user_agent, created_at, extra_data
     FROM audit_events ORDER BY bucket, sequence`,
  );
}

export interface RunningLoop {
  readonly reports: readonly AuditReport[];
  readonly said: readonly string[];
  stop(): Promise<void>;
}

/** A real Redis, a real database, and the parts of the relay between them. */
export class TrailBench {
  readonly keyring = newKeyring();
  readonly keys = new AuditKeys(this.keyring);
  readonly runner: ScriptRunner;
  readonly outbox: RedisOutbox;
  private readonly opened: Database[] = [];

  private constructor(
    readonly redis: TestRedis,
    readonly db: Redis,
    readonly target: DatabaseTarget,
    readonly database: Database,
  ) {
    this.runner = new ScriptRunner(db, true, () => undefined);
    this.outbox = new RedisOutbox(this.runner, TOMBSTONE_MS);
    this.opened.push(database);
  }

  static async open(engine: TestEngine): Promise<TrailBench> {
    const [redis, target] = await Promise.all([startRedis(), engine.quick()]);
    const database = await openDatabase(target);
    await migrate(database);
    await nameTrail(database);
    return new TrailBench(redis, connectTo(redis), target, database);
  }

  /** Empties both, as if nothing had ever happened. */
  async reset(): Promise<void> {
    await this.db.flushall();
    for (const table of TABLES) await this.database.query(`DELETE FROM ${table}`);
    await prepareTrail(this.database, this.keys);
  }

  /** Another connection to the same database; the same one where the engine has only one. */
  async second(): Promise<Database> {
    if (!('url' in this.target)) return this.database;
    const database = await openDatabase(this.target);
    this.opened.push(database);
    return database;
  }

  secret(): ScriptBench {
    return new ScriptBench(this.db, this.runner);
  }

  async relay(outbox: Outbox = this.outbox, database: Database = this.database): Promise<Relay> {
    const lookup = await this.keys.lookup(database);
    return new Relay(database, outbox, { signing: signingKey(this.keys.signing), lookup });
  }

  /** Moves what waits. @returns how many events left the outbox */
  async drain(relay?: Relay, most = 1_000): Promise<number> {
    const each = relay ?? (await this.relay());
    let moved = 0;
    for (const bucket of BUCKETS) {
      for (let left = 1; left > 0; moved += left) left = (await each.drain(bucket, most)) ?? 0;
    }
    return moved;
  }

  loop(options: Partial<AuditLoopOptions> = {}): RunningLoop {
    const reports: AuditReport[] = [];
    const said: string[] = [];
    const loop = new AuditLoop({
      database: this.database,
      outbox: this.outbox,
      keys: this.keys,
      subscribers: [],
      outboxMax: 100_000,
      retentionDays: 365,
      busy: () => 0,
      report: (report) => void reports.push(report),
      log: (level, message) => void said.push(`${level}: ${message}`),
      ...options,
    });
    loop.start();
    return { reports, said, stop: () => loop.stop() };
  }

  rows(): Promise<TrailRow[]> {
    return trailRows(this.database);
  }

  /** Entries of the outbox that are there, and those among them that some relay has taken. */
  async waiting(): Promise<{ events: number; pending: number }> {
    let [events, pending] = [0, 0];
    for (const bucket of BUCKETS) {
      const { outbox } = outboxKeys(bucket);
      events += await this.db.xlen(outbox);
      const hasGroup = (await this.db.exists(outbox)) && String(await this.db.xinfo('GROUPS', outbox)) !== '';
      if (hasGroup) pending += Number((await this.db.xpending(outbox, 'relay'))[0]);
    }
    return { events, pending };
  }

  /** The signed ends that Redis keeps, by bucket. */
  async heads(): Promise<Map<number, ChainHead>> {
    const heads = new Map<number, ChainHead>();
    for (const bucket of BUCKETS) {
      const bytes = await this.db.getBuffer(outboxKeys(bucket).head);
      const head = bytes && decodeHead(bytes);
      if (head) heads.set(bucket, head);
    }
    return heads;
  }

  async verify(): Promise<Verdict> {
    return verifyTrail(this.database, this.keys, { heads: await this.heads() });
  }

  async close(): Promise<void> {
    for (const database of this.opened) await database.close();
    this.db.disconnect();
    await this.redis.stop();
  }
}
