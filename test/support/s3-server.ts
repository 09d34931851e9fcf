import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exclusively } from '../../scripts/lib/exclusive.mjs';
import { obtainS3 } from '../../scripts/lib/obtain-s3.mjs';
import { S3_PATIENCE, s3Client, type S3Place } from '../../src/files/store/s3/s3-blob.client.js';
import { filesBelow } from './files-below.js';
import { freePort } from './free-port.js';
import './s3-realm.js';
import { endAfterTests } from './leftovers.js';

const START_MS = 30_000;
const START_TRIES = 5;
/** Long enough to build the server, where it was never built before. */
export const OBTAIN_S3_MS = 900_000;

/** A real S3 server (Versity S3 Gateway over a temporary folder) of one test file, on a loopback port of its own. */
export interface TestS3 {
  readonly endpoint: string;
  /** A bucket, made by the first call that names it; every call without a prefix gives another empty place. */
  place(wishes?: { bucket?: string; prefix?: string }): Promise<S3Place>;
  /** Every object and every part of an upload that the server has on its disk, in all buckets. */
  files(): string[];
  /** SIGKILL, as a machine that dies does it. */
  kill9(): Promise<void>;
  /** Starts it again after kill9, on the same port and files; kills a running one before. */
  restart(): Promise<void>;
  /** Ends it and removes its files. Also done by itself after the last test of the file. */
  stop(): Promise<void>;
}

class GatewayProcess implements TestS3 {
  private child: ChildProcess | undefined;
  private port = 0;
  private places = 0;
  private readonly buckets = new Set<string>();
  private readonly credentials = {
    accessKeyId: randomBytes(8).toString('hex'),
    secretAccessKey: randomBytes(16).toString('hex'),
  };
  readonly forget = endAfterTests(() => this.stop());

  constructor(
    private readonly binary: string,
    private readonly dir: string,
    /** Of a disk of its own. */
    private readonly diskBytes: number | undefined,
  ) {
    for (const name of ['data', 'meta']) mkdirSync(join(dir, name));
  }

  async start(): Promise<void> {
    for (let tries = 1; ; tries++) {
      this.port = await freePort();
      const trouble = await this.launch();
      if (trouble === undefined) return;
      // Between the look and the use another process may have taken the port.
      if (tries === START_TRIES || !trouble.includes('in use'))
        throw new Error(`S3 did not start:\n${trouble}`);
    }
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async place({ bucket = 'burnbag', prefix = `${(this.places += 1)}/` } = {}): Promise<S3Place> {
    const place = { ...this.anywhere, bucket, prefix };
    if (!this.buckets.has(bucket)) {
      this.buckets.add(bucket);
      const client = s3Client(place);
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
    }
    return place;
  }

  files(): string[] {
    return filesBelow(join(this.dir, 'data')).filter((path) => !path.includes('.vgwlocks'));
  }

  async kill9(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async restart(): Promise<void> {
    await this.kill9();
    const trouble = await this.launch();
    if (trouble !== undefined) throw new Error(`S3 did not start again:\n${trouble}`);
  }

  async stop(): Promise<void> {
    this.forget();
    await this.kill9();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get anywhere(): S3Place {
    const { endpoint, credentials } = this;
    return { bucket: '', region: 'us-east-1', endpoint, pathStyle: true, prefix: '', credentials };
  }

  /** A disk in memory, in a mount namespace of its own. */
  private onItsDisk(command: string[]): string[] {
    if (this.diskBytes === undefined) return command;
    const mount = `mount -t tmpfs -o size=${this.diskBytes} tmpfs "$0" && exec "$@"`;
    return ['unshare', '-rm', 'sh', '-c', mount, join(this.dir, 'data'), ...command];
  }

  /** @returns undefined when it answers, or what it said when it ended */
  private async launch(): Promise<string | undefined> {
    const listen = ['--port', `127.0.0.1:${this.port}`, '--keep-alive', '--quiet'];
    // Metadata beside the files: not every temporary folder keeps extended attributes.
    const storage = ['posix', '--sidecar', join(this.dir, 'meta'), join(this.dir, 'data')];
    const [command = '', ...args] = this.onItsDisk([this.binary, ...listen, ...storage]);
    const child = spawn(command, args, {
      cwd: this.dir,
      env: {
        PATH: process.env['PATH'],
        ROOT_ACCESS_KEY_ID: this.credentials.accessKeyId,
        ROOT_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (output += data.toString()));
    this.child = child;
    const client = s3Client(this.anywhere, { ...S3_PATIENCE, attempts: 1 });
    try {
      for (const since = Date.now(); ; await delay(20)) {
        if (child.exitCode !== null || child.signalCode !== null) return output;
        try {
          await client.send(new ListBucketsCommand());
          return undefined;
        } catch (error) {
          if (Date.now() - since > START_MS) return `${output}\n${String(error)}`;
        }
      }
    } finally {
      client.destroy();
    }
  }
}

/** Whether this machine lets us mount a small disk; some containers do not. */
export const canMountDisks = (): boolean =>
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']).status === 0;

/**
 * @param wishes `diskBytes`: a small disk, so that it gets full; see canMountDisks
 * @throws when there is no S3 server and none can be built: a test that needs one fails without it, it is not skipped
 */
export async function startS3(wishes: { diskBytes?: number } = {}): Promise<TestS3> {
  const binary = await exclusively(() => obtainS3());
  const dir = mkdtempSync(join(tmpdir(), 'burnbag-s3-'));
  const server = new GatewayProcess(binary, dir, wishes.diskBytes);
  await server.start();
  return server;
}
