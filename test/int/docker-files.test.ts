import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { configAreas } from '../../src/platform/config/sections/app.config.js';
import { readKeyFile } from '../../src/crypto/key-source/key-file.js';
import { parseKeyring } from '../../src/crypto/keyring/keyring.spec-format.js';
import { freePort } from '../support/free-port.js';
import { sendCommand, startRedis } from '../support/redis-server.js';

interface Service {
  readonly image: string;
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period: string;
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, unknown>> } };
}
interface Compose {
  readonly services: Readonly<Record<'app' | 'redis' | 'postgres', Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
}

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = (name: string) => readFileSync(path(name), 'utf8');
const dockerfile = text('docker/Dockerfile').replaceAll(/\\\n\s*/g, ' ');
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
const compose = parse(text('docker/compose.yaml'), { merge: true }) as Compose;
const { app, redis, postgres } = compose.services;
const fields = Object.values(configAreas).flatMap((area) => Object.values(area));
const secretFields = fields.filter((field) => 'secret' in field && field.secret).map(({ env }) => env);
const settings: ReadonlySet<string> = new Set([
  ...fields.map(({ env }) => env),
  ...secretFields.map((name) => `${name}_FILE`),
]);

const instruction = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(lastStage)?.[1] ?? '';
const execForm = (name: string) => JSON.parse(instruction(name)) as string[];
const healthCheck = JSON.parse(/^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(lastStage)?.[1] ?? '[]') as string[];

describe('the image', () => {
  it('starts from nothing and from the Node that the project pins', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: { node: string } };
    expect(dockerfile).toMatch(new RegExp(`^ARG BASE=node:${devDependencies.node}-\\w+-slim$`, 'm'));
    expect(lastStage).toMatch(/^\nFROM scratch\n/);
    expect(lastStage).not.toMatch(/^(RUN|ADD|SHELL)/m);
  });

  it('runs the app as npm start does, without a shell and not as root', () => {
    const [, flags = ''] = /RUNTIME_FLAGS = (\[.*\]);/.exec(text('scripts/lib/prepare.mjs')) ?? [];
    expect(execForm('ENTRYPOINT')).toEqual(['node', ...(JSON.parse(flags.replaceAll("'", '"')) as string[])]);
    expect(execForm('CMD')).toEqual(['dist/main.js']);
    expect(instruction('USER')).toBe('10001:10001');
    expect(instruction('STOPSIGNAL')).toBe('SIGTERM');
  });

  it('is given nothing by the builder but what it copies', () => {
    const allowed = [...text('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name = '']) => name);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(
      text('.dockerignore')
        .split('\n')
        .filter((line) => !line.startsWith('#'))[0],
    ).toBe('*');
    expect([...new Set(copied.map((name) => name.split('/')[0]))].toSorted()).toEqual(allowed.toSorted());
  });

  it('is healthy while the portal is ready, and only then', async () => {
    let status = 200;
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const check = async (port: number) => {
      const [, ...args] = healthCheck;
      const [code] = await once(spawn(process.execPath, args, { env: { PORT: String(port) } }), 'exit');
      return code as number;
    };
    const { port } = server.address() as AddressInfo;
    expect(await check(port)).toBe(0);
    status = 503;
    expect(await check(port)).toBe(1);
    expect(asked).toEqual(['/health/ready', '/health/ready']);
    server.close();
    expect(await check(await freePort())).toBe(1);
  });
});

describe('compose.yaml', () => {
  it('hardens every service and pins what it runs', () => {
    for (const service of Object.values(compose.services)) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(service.image).toMatch(/:-[\w/]+:(local|\d+\.\d+[\w.-]*)\}$/);
      expect(Object.keys(service.deploy.resources.limits).toSorted()).toEqual(['cpus', 'memory', 'pids']);
    }
  });

  it('lets only the app reach Redis and PostgreSQL', () => {
    expect([redis.ports, postgres.ports]).toEqual([undefined, undefined]);
    expect([redis.networks, postgres.networks]).toEqual([['back'], ['back']]);
    expect(compose.networks['back']).toEqual({ internal: true });
    expect(app.ports).toEqual([expect.stringContaining('127.0.0.1:')]);
  });

  it('starts the app when both are healthy, and lets it drain', () => {
    expect(app.depends_on).toEqual({
      redis: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
    });
    expect([redis.healthcheck?.test[0], postgres.healthcheck?.test[0]]).toEqual(['CMD', 'CMD']);
    const drain = Number(app.environment?.['SHUTDOWN_DRAIN_SECONDS']);
    expect(Number.parseInt(app.stop_grace_period, 10)).toBeGreaterThan(drain);
  });

  it('sets only what is a setting, and no secret but by a file', () => {
    const names = Object.keys(app.environment ?? {});
    expect(names.filter((name) => !settings.has(name))).toEqual([]);
    expect(names.filter((name) => [...secretFields, 'BURNBAG_KEYS'].includes(name))).toEqual([]);
    for (const service of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(service.environment ?? {}))
        if (name.endsWith('_FILE')) expect(value).toMatch(/^\/run\/secrets\/\w+$/);
        else expect(name).not.toMatch(/PASSWORD|SECRET|KEYS/);
    }
  });
});

describe('the chart', () => {
  const template = (name: string) => text(`docker/helm/burnbag/templates/${name}.yaml`);
  const helpers = text('docker/helm/burnbag/templates/_helpers.tpl');
  const values = parse(text('docker/helm/burnbag/values.yaml')) as {
    drainSeconds: number;
    secrets: Record<'entries' | 'create', Record<string, string>>;
  };

  it('sets only what is a setting', () => {
    const inConfigMap = [...template('configmap').matchAll(/^ +([A-Z][A-Z0-9_]+):/gm)];
    const inPod = [...template('deployment').matchAll(/^ +- name: ([A-Z][A-Z0-9_]+)$/gm)];
    const names = [...inConfigMap, ...inPod].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !settings.has(name))).toEqual([]);
  });

  it('takes every secret from a Secret, as a file where the app can read one', () => {
    const entries = Object.keys(values.secrets.entries);
    expect(entries.toSorted()).toEqual([...new Set([...secretFields, 'BURNBAG_KEYS'])].toSorted());
    expect(Object.keys(values.secrets.create)).toEqual(Object.keys(values.secrets.entries));
    expect(Object.values(values.secrets.create).join('')).toBe('');
    const [, files = ''] = /define "burnbag\.secretFiles" -\}\}\n(.*)\n/.exec(helpers) ?? [];
    expect(files.split(' ').toSorted()).toEqual(entries.filter((name) => name !== 'BURNBAG_KEYS').toSorted());
    const loop = 'range $name := splitList " " (include "burnbag.secretFiles" .) }}';
    expect(template('deployment').split(loop)).toHaveLength(3);
  });

  it('is of the version and runs as the user of the image', () => {
    const { version } = JSON.parse(text('package.json')) as { version: string };
    expect(parse(text('docker/helm/burnbag/Chart.yaml'))).toMatchObject({ appVersion: version });
    expect(template('deployment')).toContain(`runAsUser: ${instruction('USER').split(':')[0]}\n`);
  });
});

describe('make-secrets.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-made-'));
  const secrets = join(folder, 'secrets');
  const made = (name: string) => readFileSync(join(secrets, name), 'utf8');
  const make = () => spawnSync('sh', [path('docker/make-secrets.sh'), secrets], { encoding: 'utf8' });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Files of other users can only be made by root; for other users it reports that.
  if (process.getuid?.() !== 0) {
    it('asks for root', () => {
      expect(make()).toMatchObject({ status: 1, stderr: expect.stringContaining('as root') });
    });
    return;
  }

  it('makes what compose.yaml mounts, each for one container alone, and never twice', () => {
    expect(make().status).toBe(0);
    const files = Object.values(compose.secrets).map(({ file }) => file.replace('./secrets/', ''));
    expect(readdirSync(secrets).toSorted()).toEqual(files.toSorted());
    const owners = {
      burnbag_keys: app,
      redis_url: app,
      database_url: app,
      redis_users: redis,
      'redis_users.acl': redis,
      postgres_password: postgres,
    };
    for (const name of files) {
      const { uid, mode } = statSync(join(secrets, name));
      expect([name, mode & 0o777, `${uid}:${uid}`]).toEqual([
        name,
        0o400,
        owners[name as keyof typeof owners].user,
      ]);
    }
    expect(parseKeyring(readKeyFile(join(secrets, 'burnbag_keys')) ?? '')).toBeDefined();
    expect(new URL(made('database_url').trim()).password).toBe(made('postgres_password'));
    const before = files.map(made);
    expect(make().status).toBe(1);
    expect(files.map(made)).toEqual(before);
  });

  it('lets Burnbag into Redis by its password, probes ask whether it lives, and no other client gets in', async () => {
    chmodSync(folder, 0o755);
    const server = await startRedis({
      config: { aclfile: join(secrets, 'redis_users.acl') },
      login: 'health:health',
    });
    const ours = new URL(made('redis_url').trim());
    ours.host = new URL(server.url).host;
    expect(await sendCommand(ours.href, ['INFO', 'server'])).toContain('redis_version');
    expect(await server.cli('PING')).toBe('PONG');
    await expect(server.cli('GET', 'bb:{00}:s:x')).rejects.toThrow(/NOPERM/);
    await expect(sendCommand(server.url, ['PING'])).rejects.toThrow(/NOAUTH/);
    const probe = redis.healthcheck?.test ?? [];
    expect(probe.slice(probe.indexOf('--user'))).toEqual(['--user', 'health', '--pass', 'health', 'ping']);
    await server.stop();
  });
});
