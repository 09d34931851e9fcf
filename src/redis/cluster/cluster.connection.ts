import type { Cluster, Redis } from 'ioredis';

import { connectionReason } from '../../platform/logging/connection-reason.js';
import { checkServer, patiently, RedisUnfitError, type ServerFacts } from '../boot-checks.js';
import type { QuorumStatus } from '../quorum/quorum-status.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import { reconnectAfter } from '../handshake/reconnect.js';
import type { ConnectionLog } from '../handshake/connection-log.js';
import { createCluster } from './cluster.client.js';
import { ClusterTransport, slotOfKey } from './cluster.transport.js';
import { ClusterMap } from './cluster-map.js';
import type { CommandTransports } from '../client/command-transport.js';
import { RedisHandshakeError } from '../handshake/handshake.js';
import type { RedisConnection } from '../client/redis-connection.js';

type ClusterTarget = Extract<RedisTarget, { mode: 'cluster' }>;

const BOOT_TRIES = 20;

/**
 * Redis Cluster. Uses the connection pool and the slot table of ioredis' cluster client; ClusterTransport decides
 * where a script is sent, and that it is sent once.
 */
export class ClusterConnection implements RedisConnection {
  readonly lines: CommandTransports;
  readonly commands: Cluster;
  private readonly map: ClusterMap;

  constructor(
    target: ClusterTarget,
    private readonly log: ConnectionLog,
    quorum: QuorumStatus | undefined,
  ) {
    this.commands = createCluster(target);
    this.map = new ClusterMap(this.commands, quorum);
    const plain = new ClusterTransport(this.map, 'plain');
    this.lines = { plain, durable: quorum ? new ClusterTransport(this.map, 'durable') : plain };
    this.logPresence();
  }

  async connect(): Promise<ServerFacts> {
    await this.reach();
    const facts = await Promise.all(
      this.masters().map(async (master) => checkServer(await patiently(() => master.info()), 'cluster')),
    );
    await this.map.connectQuorums();
    const [oldest] = facts.toSorted((a, b) => a.major - b.major || a.minor - b.minor);
    if (!oldest) throw new RedisUnfitError('The cluster has no master: check its state with CLUSTER INFO');
    return oldest;
  }

  masters(): readonly Redis[] {
    return this.commands.nodes('master');
  }

  serverOf(key: string): object | undefined {
    return this.map.serverOf(slotOfKey(key));
  }

  /** One server that answers is enough: those that are up still serve their secrets. */
  async answers(): Promise<boolean> {
    if (this.commands.status !== 'ready') return false;
    return Promise.any(this.masters().map((master) => master.ping())).then(
      () => true,
      () => false,
    );
  }

  onPresence(hear: (up: boolean) => void): void {
    this.commands.on('ready', () => hear(true));
    this.commands.on('close', () => hear(false));
  }

  close(): void {
    this.commands.removeAllListeners('close');
    this.commands.disconnect();
    this.map.close();
  }

  private async reach(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      let reason: unknown;
      let refuse: (error: Error) => void = () => undefined;
      const refused = new Promise<never>((_, reject) => {
        refuse = reject;
      });
      const note = (error: Error) => {
        reason = error;
        // ioredis would retry forever, and a wrong setting does not heal.
        if (error instanceof RedisHandshakeError) refuse(new RedisUnfitError(error.message));
      };
      this.commands.on('node error', note);
      const connected = this.commands.connect();
      // An answer after the timeout is dropped.
      connected.catch(() => undefined);
      try {
        await Promise.race([connected, refused]);
        return;
      } catch (error) {
        if (error instanceof RedisUnfitError) throw error;
        reason ??= error;
      } finally {
        this.commands.off('node error', note);
      }
      if (tries === BOOT_TRIES)
        throw new RedisUnfitError(
          `The cluster cannot be reached: ${connectionReason(reason)}. Check REDIS_URLS`,
        );
      await new Promise((resolve) => setTimeout(resolve, reconnectAfter(tries)));
    }
  }

  private logPresence(): void {
    let up = false;
    this.commands.on('ready', () => {
      if (!up) this.log('info', 'connected to the Redis cluster');
      up = true;
    });
    this.commands.on('close', () => {
      if (up) this.log('warn', 'lost the connection to the Redis cluster');
      up = false;
    });
    this.commands.on('error', (error: Error) => {
      if (!up) this.log('warn', 'the Redis cluster cannot be reached', { reason: connectionReason(error) });
    });
    const away = new Set<string>();
    this.commands.on('node error', (error: Error, node: string) => {
      if (away.has(node)) return;
      away.add(node);
      this.log('warn', 'a server of the Redis cluster cannot be reached', {
        node,
        reason: connectionReason(error),
      });
    });
    this.commands.on('+node', (client: Redis) => {
      client.once('ready', () => away.delete(`${client.options.host}:${client.options.port}`));
    });
  }
}
