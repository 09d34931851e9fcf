import { oneOf, text, urlOf, wholeNumber } from './config.schema.js';

/** The process, its address and its place on disk. */
export const serverArea = {
  nodeEnv: oneOf({
    env: 'NODE_ENV',
    doc: 'production refuses to start without PUBLIC_URL and a key; development makes a key file in DATA_DIR.',
    values: ['development', 'production', 'test'],
    fallback: 'development',
  }),
  host: text({
    env: 'HOST',
    doc: 'Address to listen on. Use 0.0.0.0 in a container.',
    fallback: 'localhost',
  }),
  port: wholeNumber({ env: 'PORT', doc: 'Port to listen on.', fallback: 3000, min: 1, max: 65_535 }),
  publicUrl: text({
    env: 'PUBLIC_URL',
    doc: 'Address under which people reach the portal; links are made from it. Default: http://localhost:PORT.',
    fallback: undefined,
    check: urlOf('https', 'http'),
  }),
  trustProxy: text({
    env: 'TRUST_PROXY',
    doc: 'Addresses or networks of reverse proxies whose X-Forwarded-For is believed, comma separated (10.0.0.0/8, loopback). Empty: none.',
    fallback: undefined,
    check: (raw) =>
      /^(true|\*|\d+|0\.0\.0\.0\/0|::\/0)$/.test(raw.trim())
        ? 'must name the addresses or networks of the proxies: trusting everybody lets every client choose its address'
        : undefined,
  }),
  dataDir: text({
    env: 'DATA_DIR',
    doc: 'Folder of the embedded Redis and of the development key file. One running copy for each.',
    fallback: './.burnbag',
  }),
  logLevel: oneOf({
    env: 'LOG_LEVEL',
    doc: 'Least severe level that is logged.',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    fallback: 'info',
  }),
  drainSeconds: wholeNumber({
    env: 'SHUTDOWN_DRAIN_SECONDS',
    doc: 'After SIGTERM: how long requests under way may take before the process ends anyway.',
    fallback: 15,
    min: 1,
    max: 300,
  }),
};
