import type { Cluster, Redis } from 'ioredis';

import type { QuorumStatus } from '../quorum/quorum-status.js';
import { QuorumTransport } from '../quorum/quorum.transport.js';
import type { CommandTransport } from '../client/command-transport.js';
import { requireHandshake } from '../handshake/handshake.js';
import { ServerTransport } from '../client/server.transport.js';

/** A cluster has one database, and one login for all its servers. */
const CLUSTER_SETTINGS = { login: 'REDIS_URLS', database: 'REDIS_URLS' };

function keyOf({ options }: Redis): string {
  return `${options.host}:${options.port}`;
}

/** A server of the cluster and the connections to it; those for a quorum are opened on first use. */
class Member {
  readonly plain: CommandTransport;
  /** A new object after each reconnect. */
  server = {};
  private quorumTransport: QuorumTransport | undefined;

  constructor(
    readonly client: Redis,
    private readonly quorum: QuorumStatus | undefined,
  ) {
    this.plain = new ServerTransport(client);
    client.on('close', this.changed);
  }

  get durable(): CommandTransport {
    return this.quorumLines ?? this.plain;
  }

  connectQuorum(): Promise<void> {
    return this.quorumLines?.connect() ?? Promise.resolve();
  }

  close(): void {
    this.quorumTransport?.close();
  }

  private readonly changed = (): void => {
    this.server = {};
  };

  private get quorumLines(): QuorumTransport | undefined {
    const { changed } = this;
    if (this.quorum)
      this.quorumTransport ??= new QuorumTransport(this.client, this.quorum, {
        changed,
        settings: CLUSTER_SETTINGS,
      });
    return this.quorumTransport;
  }
}

/** Slot table: which server holds which slot, as far as this process knows. */
export class ClusterMap {
  private readonly members = new Map<string, Member>();
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly quorum: QuorumStatus | undefined,
  ) {
    cluster.on('+node', (client: Redis) => this.add(client));
    cluster.on('-node', (client: Redis) => this.remove(client));
  }

  /** The connection to the master of a slot; undefined when it is unknown or disconnected. */
  lineTo(slot: number, kind: 'plain' | 'durable'): CommandTransport | undefined {
    const [master = ''] = this.cluster.slots[slot] ?? [];
    return this.members.get(master)?.[kind];
  }

  /** See RedisConnection.serverOf. */
  serverOf(slot: number): object | undefined {
    const [master = ''] = this.cluster.slots[slot] ?? [];
    return this.members.get(master)?.server;
  }

  /**
   * Asks the cluster again; concurrent callers share one answer. Never throws: the next use reports the
   * failure.
   */
  refresh(): Promise<void> {
    this.refreshing ??= new Promise<void>((resolve) => {
      this.cluster.refreshSlotsCache(() => resolve());
    }).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** Resolves when each master was asked for its quorum once. */
  async connectQuorums(): Promise<void> {
    const masters = this.cluster.nodes('master').map(keyOf);
    await Promise.all(masters.map((key) => this.members.get(key)?.connectQuorum()));
  }

  close(): void {
    for (const member of this.members.values()) member.close();
    this.members.clear();
  }

  private add(client: Redis): void {
    requireHandshake(client, CLUSTER_SETTINGS);
    this.members.get(keyOf(client))?.close();
    this.members.set(keyOf(client), new Member(client, this.quorum));
  }

  private remove(client: Redis): void {
    const member = this.members.get(keyOf(client));
    if (member?.client !== client) return;
    member.close();
    this.members.delete(keyOf(client));
    if (this.cluster.status === 'ready') void this.refresh();
  }
}
