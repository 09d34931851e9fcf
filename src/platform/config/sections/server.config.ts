import { isIP } from 'node:net';

import { oneOf, text, wholeNumber } from '../config.schema.js';
import { endpointUrl } from '../endpoint-url.js';

const NAMED_NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isNetwork(entry: string): boolean {
  if (NAMED_NETWORKS.has(entry)) return true;
  const [address = '', prefix, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  // A prefix of 0 is every client, which could then choose the IP address under which it is counted.
  return /^\d{1,3}$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= (version === 4 ? 32 : 128);
}

function trustedNetworks(raw: string): string | undefined {
  const unknown = raw.split(',').find((entry) => !isNetwork(entry.trim()));
  return unknown === undefined
    ? undefined
    : `must list IP addresses or networks of proxies (10.0.0.0/8, 127.0.0.1, loopback); "${unknown.trim()}" is none`;
}

const webUrl = endpointUrl({ schemes: ['https', 'http'], path: 'any' });

function origin(raw: string): string | undefined {
  const problem = webUrl(raw);
  if (problem !== undefined) return problem;
  if (!URL.canParse(raw)) return 'names a host that no browser can reach';
  return new URL(raw).pathname === '/' ? undefined : 'must have no path: the portal serves from /';
}

/** The process, its URL and its folder. */
export const serverArea = {
  nodeEnv: oneOf({
    env: 'NODE_ENV',
    doc: 'production refuses to start without PUBLIC_URL and a key; development makes a key file in DATA_DIR.',
    values: ['development', 'production', 'test'],
    fallback: 'development',
  }),
  host: text({
    env: 'HOST',
    doc: 'IP address to listen on. Use 0.0.0.0 in a container.',
    fallback: 'localhost',
  }),
  port: wholeNumber({ env: 'PORT', doc: 'Port to listen on.', fallback: 3000, min: 1, max: 65_535 }),
  publicUrl: text({
    env: 'PUBLIC_URL',
    doc: 'URL under which people reach the portal; links are made from it. Default: http://localhost:PORT.',
    fallback: undefined,
    check: origin,
  }),
  trustProxy: text({
    env: 'TRUST_PROXY',
    doc: 'IP addresses or networks of reverse proxies whose X-Forwarded-For (IP addresses, with or without ports) and X-Request-Id are trusted, comma separated (10.0.0.0/8, loopback). Empty: none.',
    fallback: undefined,
    check: trustedNetworks,
  }),
  dataDir: text({
    env: 'DATA_DIR',
    doc: 'Folder of the embedded Redis and of the development key file. Only one running process may use it.',
    fallback: './.burnbag',
  }),
  diskReserveBytes: wholeNumber({
    env: 'DISK_RESERVE_BYTES',
    doc: 'Bytes that stay free on the disk of DATA_DIR for opening and burning, when the embedded Redis, the embedded database or files are there: with less, new secrets are refused. 0: off.',
    fallback: 268_435_456,
    min: 0,
    max: 1_125_899_906_842_624,
  }),
  logLevel: oneOf({
    env: 'LOG_LEVEL',
    doc: 'Least severe level that is logged.',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    fallback: 'info',
  }),
  drainDelaySeconds: wholeNumber({
    env: 'SHUTDOWN_DELAY_SECONDS',
    doc: 'After SIGTERM: seconds in which requests are still served while /health/ready answers 503. With several replicas behind a balancer: longer than it takes to notice.',
    fallback: 0,
    min: 0,
    max: 300,
  }),
  drainSeconds: wholeNumber({
    env: 'SHUTDOWN_DRAIN_SECONDS',
    doc: 'After that: seconds that running requests may take before the process ends anyway.',
    fallback: 15,
    min: 1,
    max: 300,
  }),
};
