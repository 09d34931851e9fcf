import { randomBytes } from 'node:crypto';

import { KeyringHolder } from '../../crypto/keyring/keyring.holder.js';
import { Keyring } from '../../crypto/keyring/keyring.js';
import type { DatabaseThread } from '../../database/thread/database-thread.js';
import { AuditRelay, type AuditRelayOptions } from './audit-relay.js';
import type { AuditReport } from './audit-report.js';
import type { AuditStatus } from './audit-status.js';
import { AuditSubscribers } from '../subscriber/audit-subscribers.js';

const OK: AuditReport = {
  trail: 'ok',
  events: 0,
  oldestMs: 0,
  relayed: 0,
  expired: 0,
  setAside: 0,
  behindFoundAt: undefined,
};

/** A relay whose thread reports what the test says. */
async function startRelay() {
  let report: (value: AuditReport) => void = () => undefined;
  const thread = {
    run: (_module: URL, _settings: unknown, onReport: (value: AuditReport) => void) => {
      report = onReport;
      onReport(OK);
      return Promise.resolve({
        ask: () => Promise.resolve(),
        restartWith() {},
        stop: () => Promise.resolve(),
      });
    },
  } as unknown as DatabaseThread;
  let doubts = 0;
  const position = { compareBy() {}, doubt: () => (doubts += 1), run: () => Promise.resolve(), stop() {} };
  const status = { hear() {} } as unknown as AuditStatus;
  const options = {
    production: false,
    keys: new KeyringHolder(Keyring.of(1, randomBytes(32))),
    subscribers: new AuditSubscribers(),
    settings: {},
  } as unknown as AuditRelayOptions;
  const relay = new AuditRelay(thread, status, position, options);
  await relay.onModuleInit();
  return {
    report: (value: Partial<AuditReport>) => report({ ...OK, ...value }),
    doubts: () => doubts,
    relay,
  };
}

describe('the relay in the main thread', () => {
  it('closes the store once for each finding that Redis is behind, not for each report of it', async () => {
    const { report, doubts, relay } = await startRelay();
    expect(doubts()).toBe(0);
    report({ trail: 'behind', behindFoundAt: 1 });
    report({ trail: 'behind', behindFoundAt: 1 });
    expect(doubts()).toBe(1);
    report({ trail: 'ok', behindFoundAt: 1 });
    expect(doubts()).toBe(1);
    report({ trail: 'behind', behindFoundAt: 2 });
    expect(doubts()).toBe(2);
    await relay.beforeApplicationShutdown();
  });
});
