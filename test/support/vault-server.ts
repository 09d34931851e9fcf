import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { exclusively } from '../../scripts/lib/exclusive.mjs';
import { obtainOpenBao } from '../../scripts/lib/obtain-openbao.mjs';
import { freePort } from './free-port.js';
import { endAfterTests } from './leftovers.js';

const START_MS = 60_000;
/** Long enough to download it, where it never was. */
export const OBTAIN_VAULT_MS = 900_000;

/** A real OpenBao (or Vault) in memory, of one test file. */
export interface TestVault {
  readonly address: string;
  /** Of root. */
  readonly token: string;
  /** One call of its API as root. @throws when it does not answer 2xx */
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** @throws when there is none and none can be had: a test that needs one fails without it */
export async function startVault(): Promise<TestVault> {
  const binary = await exclusively(() => obtainOpenBao());
  const home = mkdtempSync(join(tmpdir(), 'burnbag-vault-'));
  const token = randomBytes(16).toString('hex');
  const address = `http://127.0.0.1:${await freePort()}`;
  const args = ['server', '-dev', '-dev-no-store-token', `-dev-root-token-id=${token}`];
  const child = spawn(binary, [...args, `-dev-listen-address=${address.slice('http://'.length)}`], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const call = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const headers = { 'X-Vault-Token': token };
    const answer = await fetch(`${address}/v1/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  const stop = async (): Promise<void> => {
    forget();
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(home, { recursive: true, force: true });
  };
  const forget = endAfterTests(stop);
  const isUp = (): Promise<boolean> =>
    call('GET', 'sys/health').then(
      () => true,
      () => false,
    );
  for (const since = Date.now(); !(await isUp()); await delay(50)) {
    if (child.exitCode !== null || Date.now() - since > START_MS) {
      await stop();
      throw new Error(`Vault did not start:\n${output}`);
    }
  }
  await call('POST', 'sys/mounts/transit', { type: 'transit' });
  await call('POST', 'transit/keys/burnbag', {});
  return { address, token, call, stop };
}
