import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import pg from 'pg';

import { freePort } from './free-port.js';
import { endAfterTests } from './leftovers.js';

const START_MS = 60_000;
const START_TRIES = 5;
/** PostgreSQL refuses to run as root, who therefore runs it as nobody. */
const NOBODY = 65_534;
const asUser = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
/** Time zones of a downloaded PostgreSQL are not where it looks for them; messages must be the ones that tests know. */
const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'GMT' };

/** A role that must give this password; the other one, in the URLs, is trusted. */
export const LOCKED_ROLE = { name: 'locked', password: 'right' } as const;

/** A real PostgreSQL of one test file, on a loopback port of its own. */
export interface TestPostgres {
  /** Of an empty database. */
  readonly url: string;
  /** Of the server's main process; undefined while it is down. */
  readonly pid: number | undefined;
  /** @returns the URL of another new, empty database */
  createDatabase(): Promise<string>;
  /** SIGKILL, as a machine that dies does it. */
  kill9(): Promise<void>;
  /** Starts it again after kill9, on the same port and files; kills a running one before. */
  restart(): Promise<void>;
  /** Ends it and removes its files. Also done by itself after the last test of the file. */
  stop(): Promise<void>;
}

/** @throws when the tests' set-up brought no PostgreSQL: that is a failure, never a skip */
function program(name: string): string {
  const bin = process.env['BURNBAG_TEST_POSTGRES'];
  if (!bin)
    throw new Error('the set-up of the tests has not brought PostgreSQL: see test/support/global-setup.mjs');
  return join(bin, name);
}

/** Runs statements one after the other on a connection of their own. */
export async function onServer(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** What a server has started to serve its connections, and for itself. Linux tells; elsewhere it is none. */
function childrenOf(pid = 0): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

class PostgresProcess implements TestPostgres {
  private child: ChildProcess | undefined;
  private port = 0;
  private databases = 0;
  readonly forget = endAfterTests(() => this.stop());

  constructor(private readonly dir: string) {}

  async initialize(): Promise<void> {
    const args = [
      '-D',
      join(this.dir, 'data'),
      '-U',
      'burnbag',
      '-E',
      'UTF8',
      '--locale=C',
      '-A',
      'trust',
      '--no-sync',
    ];
    await promisify(execFile)(program('initdb'), args, { ...asUser, env, cwd: this.dir });
    const rules = join(this.dir, 'data', 'pg_hba.conf');
    writeFileSync(rules, `host all ${LOCKED_ROLE.name} all scram-sha-256\n${readFileSync(rules, 'utf8')}`);
    for (let tries = 1; ; tries++) {
      this.port = await freePort();
      try {
        await this.restart();
        break;
      } catch (error) {
        // Between the look and the use another process may have taken the port.
        if (tries === START_TRIES || !String(error).includes('in use')) throw error;
      }
    }
    await onServer(
      this.urlOf('postgres'),
      `CREATE ROLE ${LOCKED_ROLE.name} LOGIN PASSWORD '${LOCKED_ROLE.password}'`,
      'CREATE DATABASE burnbag',
    );
  }

  get url(): string {
    return this.urlOf('burnbag');
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async createDatabase(): Promise<string> {
    this.databases += 1;
    const name = `burnbag_${this.databases}_${randomBytes(3).toString('hex')}`;
    await onServer(this.urlOf('postgres'), `CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  async restart(): Promise<void> {
    await this.kill9();
    const since = Date.now();
    for (;;) {
      const trouble = await this.launch();
      if (trouble === undefined) return;
      // Processes of the one killed before notice it in a moment, and hold its memory until then.
      if (!trouble.includes('still in use') || Date.now() - since > START_MS) {
        throw new Error(`PostgreSQL did not start:\n${trouble}`);
      }
      await delay(50);
    }
  }

  async kill9(): Promise<void> {
    const { child } = this;
    // Those that serve connections would outlive it for a moment, and might answer in that. While it stands still it
    // starts no more of them.
    const children = child?.kill('SIGSTOP') ? childrenOf(child.pid) : [];
    const ended = this.end('SIGKILL');
    children.forEach(kill);
    await ended;
  }

  async stop(): Promise<void> {
    this.forget();
    // The immediate shutdown: nothing is kept.
    await this.end('SIGQUIT');
    rmSync(this.dir, { recursive: true, force: true });
  }

  private urlOf(database: string): string {
    return `postgres://burnbag@127.0.0.1:${this.port}/${database}`;
  }

  /** @returns undefined when it answers, or what it said when it ended */
  private async launch(): Promise<string | undefined> {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: this.dir,
      fsync: 'off',
      jit: 'off',
      shared_buffers: '16MB',
      max_connections: '40',
      log_timezone: 'GMT',
      timezone: 'GMT',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(program('postgres'), ['-D', join(this.dir, 'data'), ...args], {
      ...asUser,
      env,
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (output += data.toString()));
    this.child = child;
    const since = Date.now();
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) return output;
      try {
        await onServer(this.urlOf('postgres'));
        return undefined;
      } catch (error) {
        if (Date.now() - since > START_MS) return `${output}\n${String(error)}`;
      }
      await delay(20);
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

/** @throws when PostgreSQL does not start; a test that needs one fails without it */
export async function startPostgres(): Promise<TestPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'burnbag-postgres-'));
  if (asUser.uid !== undefined) chownSync(dir, asUser.uid, asUser.gid);
  const server = new PostgresProcess(dir);
  await server.initialize();
  return server;
}
