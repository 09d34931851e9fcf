import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { endAfterTests } from '../support/leftovers.js';
import { startRedis } from '../support/redis-server.js';
import { mountSmallDisk, remount } from '../support/small-disk.js';
import { cli } from './kit/cli.js';
import { Client } from './kit/client.js';
import { newKeys, until } from './kit/portal.js';
import { refusal } from './kit/refusal.js';
import { created, sendForm } from './kit/uploads.js';

const MIB = 2 ** 20;
const SECRET = 'hunter2';
const NOWHERE = 'postgres://127.0.0.1:1/x';

/** One unusable value for each kind of setting; those of URLs hold a password in every place where one may slip. */
const BAD: Readonly<Record<string, string>> = {
  REDIS_URL: `redis://:${SECRET}@ss/w:rd@127.0.0.1:1`,
  DATABASE_URL: `postgres://u:50%off-${SECRET}@127.0.0.1:1/db`,
  S3_ENDPOINT: `http://u:${SECRET}@127.0.0.1:1`,
  OIDC_ISSUER: `https://u:${SECRET}@127.0.0.1:1`,
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:99999/${SECRET}`,
  OTEL_EXPORTER_OTLP_HEADERS: SECRET,
  VAULT_ADDR: `ftp://u:${SECRET}@127.0.0.1`,
  PUBLIC_URL: 'https://burn.example\n',
  REDIS_PASSWORD: `${SECRET} `,
  ADMIN_PASSWORD_HASH: SECRET,
  TRUST_PROXY: '0.0.0.0/0',
  LOG_LEVEL: 'info ',
  PORT: '0',
  FILE_EXTENSIONS: '.',
};

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

function expectNothingOfTheSecret(said: string): void {
  for (let at = 0; at + 3 <= SECRET.length; at += 1) expect(said).not.toContain(SECRET.slice(at, at + 3));
  expect(said).not.toMatch(/w:rd|50%|\bss\b/);
}

describe('settings that cannot be used', () => {
  it('are one line each, which names the setting and holds no part of a password', async () => {
    const said = await refusal(BAD);
    const problems = linesOf(said).filter((line) => line.startsWith('  - '));
    for (const name of Object.keys(BAD)) {
      expect(problems.filter((line) => line.startsWith(`  - ${name} `))).not.toEqual([]);
    }
    expectNothingOfTheSecret(said);
  });

  it.each(['sslrootcert', 'sslcert', 'sslkey'])(
    'are one line for a file of DATABASE_URL that cannot be read (%s)',
    async (name) => {
      const redis = await startRedis();
      const url = `postgres://u:${SECRET}@127.0.0.1:1/db?sslmode=verify-full&${name}=/no/such/${SECRET}.pem`;
      const said = await refusal({ DATABASE_URL: url }, redis.url);
      expect(said).toMatch(
        /^DATABASE_URL names a file in sslrootcert, sslcert or sslkey that cannot be read \(ENOENT\)$/m,
      );
      expect(said).not.toMatch(/\n\s+at /);
      expect(said).not.toContain(SECRET);
    },
  );

  it('are the same lines for a command', async () => {
    const { code, out, err } = await cli(['audit', 'verify'], BAD);
    expect(code).toBe(2);
    expect(err).not.toMatch(/\n\s+at /);
    for (const name of Object.keys(BAD)) expect(err).toContain(`\n  - ${name} `);
    expectNothingOfTheSecret(out + err);
  });

  it('are one line where only listening tells', async () => {
    const redis = await startRedis();
    const keys = { BURNBAG_KEYS: newKeys() };
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    endAfterTests(async () => void other.close());
    const { port } = other.address() as { port: number };
    const busy = refusal({ ...keys, HOST: 'localhost.invalid' }, redis.url);
    expect(await busy).toMatch(/^HOST localhost\.invalid, PORT \d+ cannot be listened on \(E\w+\): /m);
    const app = startApp({ port, redisUrl: redis.url, env: keys });
    await expect(app).rejects.toThrow(
      new RegExp(
        `\\nHOST 127\\.0\\.0\\.1, PORT ${port} cannot be listened on \\(EADDRINUSE\\): another program`,
      ),
    );
    await expect(app).rejects.not.toThrow(/\n\s+at /);
  });
});

const mounted = mountSmallDisk(16 * MIB);

// Where nothing can be mounted, the file in the place of the folder below and in faults/boot stands for it.
(mounted === undefined ? describe.skip : describe)('a DATA_DIR on a disk that takes nothing', () => {
  it.each([
    ['the embedded Redis', {}],
    ['the files', { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: NOWHERE }],
  ])('is one line when its disk is read-only: %s', async (_, env) => {
    remount(mounted ?? '', 'ro');
    const said = await refusal({ ...env, DATA_DIR: join(mounted ?? '', 'new') });
    remount(mounted ?? '', 'rw');
    expect(said).toMatch(
      /^DATA_DIR: \S+ cannot be written \(EROFS: its file system is read-only\): set it to/m,
    );
  });

  it('is one line when its disk is full', async () => {
    const full = mountSmallDisk(MIB) ?? '';
    expect(() => writeFileSync(join(full, 'filler'), Buffer.alloc(2 * MIB))).toThrow('ENOSPC');
    const said = await refusal({ DATA_DIR: full });
    expect(said).toMatch(/^DATA_DIR: \S+ cannot be written \(ENOSPC: its file system is full\): set it to/m);
  });
});

describe('a folder of files that cannot be used', () => {
  it('answers 503 to files while it takes none, and takes them again afterwards', async () => {
    const redis = await startRedis();
    const dataDir = mounted === undefined ? undefined : join(mounted, 'portal');
    const app = await startApp({
      redisUrl: redis.url,
      dataDir,
      database: 'server',
      env: { DISK_RESERVE_BYTES: '0', FILE_SWEEP_SECONDS: '1' },
    });
    const client = new Client(app.url);
    const file = [{ name: 'file', filename: 'a.bin', body: Buffer.alloc(1_000, 'x') }];
    const away = { status: 503, body: { code: 'store_unavailable' } };
    const blobs = join(app.dataDir, 'blobs');

    renameSync(blobs, `${blobs}.aside`);
    writeFileSync(blobs, '');
    expect(await sendForm(client, file)).toMatchObject(away);
    await until(() => /"reason":"ENOTDIR".*files wait to be swept/.test(app.output()));
    renameSync(`${blobs}`, `${blobs}.file`);
    renameSync(`${blobs}.aside`, blobs);

    if (mounted !== undefined) {
      remount(mounted, 'ro');
      expect(await sendForm(client, file)).toMatchObject(away);
      await until(async () => app.output().includes('"reason":"EROFS"'));
      remount(mounted, 'rw');
    }
    created(await sendForm(client, file));
    expect(app.output()).not.toMatch(/request failed|files could not be swept/);
    client.close();
    expect(await app.stop()).toBe(0);
  });
});
