import type { Redis } from 'ioredis';

const PAGE = 1_000;

/**
 * Slots of the cluster are migrating: a key on its way may be on neither of two servers when they are asked.
 */
class ClusterMovingError extends Error {
  override name = 'ClusterMovingError';
}

/** Slots of a server by its own account. @returns '' outside of a cluster */
async function slotsOf(server: Redis): Promise<string> {
  const info = await server.info('cluster');
  if (!info.includes('cluster_enabled:1')) return '';
  const nodes = String(await server.cluster('NODES'));
  const own = nodes.split('\n').find((line) => line.includes('myself')) ?? '';
  return own.split(' ').slice(8).join(' ');
}

async function placement(servers: readonly Redis[]): Promise<string> {
  const slots = await Promise.all(servers.map(slotsOf));
  if (slots.some((text) => /->-|-<-/.test(text)))
    throw new ClusterMovingError('slots of the cluster are migrating: try again afterwards');
  return slots.join('\n');
}

/** Iterates over the keys of all servers, a page at a time; see ScriptConnection.scan. */
export async function* scanKeys(servers: readonly Redis[], pattern: string): AsyncGenerator<string[]> {
  const before = await placement(servers);
  for (const server of servers) {
    let cursor = '0';
    do {
      const [next, keys] = await server.scan(cursor, 'MATCH', pattern, 'COUNT', PAGE);
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== '0');
  }
  if ((await placement(servers)) !== before)
    throw new ClusterMovingError('slots of the cluster have migrated meanwhile: try again');
}
