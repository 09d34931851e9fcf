/** A Redis in a container, when an engine answers and nothing better was found. */
import { capture, say } from './shell.mjs';

const IMAGE = 'redis:8';
const SERVER = [
  'redis-server',
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--save',
  '',
  '--maxmemory-policy',
  'noeviction',
];

/**
 * One named volume for each project folder keeps the secrets over a restart.
 * @returns {{kind: 'url', url: string, stop: () => void} | undefined} undefined when no engine answers
 */
export function redisInContainer() {
  if (!capture('docker', ['info']).ok) return undefined;
  say(`Redis: a container of ${IMAGE} on a loopback port, for as long as this runs`);
  const volume = `burnbag-${process.env.PORT ?? '3000'}`;
  const run = [
    'run',
    '--rm',
    '--detach',
    '--publish',
    '127.0.0.1::6379',
    '--volume',
    `${volume}:/data`,
    IMAGE,
    ...SERVER,
  ];
  const started = capture('docker', run);
  const container = started.stdout.trim();
  const port = /:(\d+)\s*$/m.exec(capture('docker', ['port', container, '6379/tcp']).stdout)?.[1];
  if (!started.ok || !port) {
    say(`the container did not start: ${started.stderr.trim().split('\n').at(-1)}`);
    return undefined;
  }
  return {
    kind: 'url',
    url: `redis://127.0.0.1:${port}`,
    stop: () => capture('docker', ['stop', container]),
  };
}
