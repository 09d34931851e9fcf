import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { exclusively } from '../../scripts/lib/exclusive.mjs';
import { obtainReverseProxy, type ReverseProxyKind } from '../../scripts/lib/obtain-reverse-proxy.mjs';
import { freePort } from './free-port.js';
import { endAfterTests } from './leftovers.js';
import { PROXY_SETUPS } from './reverse-proxy-setups.js';

export type { ReverseProxyKind };

const START_MS = 30_000;
const START_TRIES = 5;

export interface ReverseProxyOptions {
  /** Where the portal is: `http://127.0.0.1:3000`. It need not answer yet. */
  readonly upstream: string;
  /** @default 'nginx', the one that the whole test run has */
  readonly kind?: ReverseProxyKind | undefined;
  /** @default a free one; a portal that is to know its PUBLIC_URL is started after `freePort()` was asked for it */
  readonly port?: number | undefined;
  /** More lines for nginx's `location /`, Caddy's `reverse_proxy`, HAProxy's backend. @default none: its defaults */
  readonly directives?: readonly string[] | undefined;
  /** Instead of its defaults: a whole server for this port (nginx), a whole configuration (the others). */
  readonly example?: ((port: number) => string) | undefined;
}

/** A real reverse proxy on the loopback interface, of one test file. */
export interface TestReverseProxy {
  readonly url: string;
  readonly kind: ReverseProxyKind;
  readonly version: string;
  /** What it printed so far: its error log. */
  output(): string;
  /** Ends it at once, and its connections with it. Also done by itself after the last test of the file. */
  stop(): Promise<void>;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/**
 * Starts the proxy with its default settings and nothing but the way to the portal.
 * @throws when there is none and none can be had: a test that needs one fails without it; and when it does not start
 */
export async function startReverseProxy(options: ReverseProxyOptions): Promise<TestReverseProxy> {
  for (let tries = 1; ; tries++) {
    try {
      return await launch(options);
    } catch (error) {
      // Between the look and the use another process may have taken the port.
      const taken = options.port === undefined && /in use|cannot bind/i.test(String(error));
      if (!taken || tries === START_TRIES) throw error;
    }
  }
}

async function launch(options: ReverseProxyOptions): Promise<TestReverseProxy> {
  const { upstream, kind = 'nginx', directives = [] } = options;
  const { binary, version } = await exclusively(() => obtainReverseProxy(kind));
  const port = options.port ?? (await freePort());
  const home = mkdtempSync(join(tmpdir(), `burnbag-${kind}-`));
  const setup = PROXY_SETUPS[kind];
  for (const folder of setup.folders) mkdirSync(join(home, folder));
  const file = join(home, setup.file);
  writeFileSync(
    file,
    setup.config({ port, upstream: new URL(upstream).host, directives, example: options.example?.(port) }),
  );
  const child = spawn(binary, setup.args(home, file), {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    forget();
    if (!isOver()) {
      const gone = once(child, 'exit');
      // All three end at once at SIGTERM, with their workers.
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(home, { recursive: true, force: true });
  };
  const forget = endAfterTests(stop);
  for (const since = Date.now(); !(await isListening(port)); await delay(20)) {
    if (isOver() || Date.now() - since > START_MS) {
      await stop();
      throw new Error(`${kind} did not start:\n${output}`);
    }
  }
  return { url: `http://127.0.0.1:${port}`, kind, version, output: () => output, stop };
}
