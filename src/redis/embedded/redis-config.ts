import type { RedisPaths } from './data-dir.js';

/** Quotes a value the way Redis reads it back: backslash escapes between double quotes. */
function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/**
 * The configuration of the private child: no network, every write on disk before its answer. `appendfsync
 * always` because an answered burn must survive a power cut; crash reports are off because they print the
 * arguments of the running command. A full Redis refuses new secrets and evicts nothing.
 * @param maxMemoryBytes undefined: no limit
 */
export function renderRedisConfig(paths: RedisPaths, maxMemoryBytes?: number): string {
  const settings: readonly (readonly [string, string])[] = [
    ['port', '0'],
    ['unixsocket', quote(paths.redisSocket)],
    ['unixsocketperm', '700'],
    ['dir', quote(paths.redisDir)],
    ['daemonize', 'no'],
    ['supervised', 'no'],
    ['loglevel', 'warning'],
    ['crash-log-enabled', 'no'],
    ['appendonly', 'yes'],
    ['appendfsync', 'always'],
    ['save', '""'],
    ['maxmemory-policy', 'noeviction'],
    ...(maxMemoryBytes === undefined ? [] : [['maxmemory', String(maxMemoryBytes)] as const]),
  ];
  return settings.map(([name, value]) => `${name} ${value}\n`).join('');
}
