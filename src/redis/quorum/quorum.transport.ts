import { setTimeout as delay } from 'node:timers/promises';

import type { Redis } from 'ioredis';

import { closeClient, neverGiveUp } from '../client/client.js';
import type { CommandTransport, CommandName, ScriptArgument } from '../client/command-transport.js';
import { requireHandshake, type HandshakeSettings } from '../handshake/handshake.js';
import { quorumMissing, quorumWithheld } from './quorum.errors.js';
import { QuorumConnection, type PendingCommand } from './quorum-connection.js';
import type { QuorumStatus } from './quorum-status.js';

/** Number of connections: while one waits for its replicas the others carry commands. */
const LANES = 3;
const PROBE_MS = 250;
const PROBE = [{ name: 'ping', args: [] }] as const;

function isStillAllowed({ guard, reject }: PendingCommand): boolean {
  try {
    guard?.();
    return true;
  } catch (error) {
    reject(error);
    return false;
  }
}

/**
 * Answers only what enough replicas hold. Group commit: all commands that arrive while no connection is free
 * leave with the next one, under one WAIT. After a missed quorum nothing more is run until the quorum is
 * back, since a burn without an answer can be read only under the same claim.
 */
export class QuorumTransport implements CommandTransport {
  private readonly clients: readonly Redis[];
  private readonly lanes: readonly QuorumConnection[];
  private readonly server: string;
  private waiting: PendingCommand[] = [];
  private isScheduled = false;
  private isMissing = false;
  private isClosed = false;

  /**
   * @param like a connection to the server, which the quorum connections duplicate
   * @param changed called when a connection is lost or made: the next one may lead to another server
   */
  constructor(
    like: Redis,
    private readonly status: QuorumStatus,
    { changed, settings }: { readonly changed: () => void; readonly settings: HandshakeSettings },
  ) {
    const { host, port, name } = like.options as { host?: string; port?: number; name?: string };
    this.server = name ?? `${host}:${port}`;
    this.clients = Array.from({ length: LANES }, () =>
      requireHandshake(
        like.duplicate({ enableOfflineQueue: false, connectionName: 'burnbag-quorum', readOnly: false }),
        settings,
      ),
    );
    this.lanes = this.clients.map((client) => new QuorumConnection(client, status.replicas));
    for (const client of this.clients) {
      // The plain connection reports that the server is down.
      client.on('error', () => undefined);
      neverGiveUp(client);
      for (const event of ['ready', 'close']) client.on(event, changed).on(event, this.flush);
    }
  }

  /** Asks for the quorum once; logs a missing one and asks on until it is back. Never throws. */
  async connect(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.connect()));
    await this.probe();
  }

  send(name: CommandName, args: readonly ScriptArgument[], guard?: () => void): Promise<unknown> {
    if (this.isMissing || this.isClosed) {
      this.status.meter.refused();
      return Promise.reject(quorumMissing());
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ name, args, guard, resolve, reject });
      if (this.isScheduled) return;
      this.isScheduled = true;
      setImmediate(this.flush);
    });
  }

  close(): void {
    this.isClosed = true;
    this.clients.forEach(closeClient);
    this.dismiss();
    this.status.forget(this);
  }

  private readonly flush = (): void => {
    this.isScheduled = false;
    if (this.waiting.length === 0) return;
    const lane = this.lanes.find((each) => each.isFree);
    if (lane) return void this.carry(lane);
    for (const client of this.clients) if (client.status === 'wait') client.connect().catch(() => undefined);
    if (!this.lanes.some((each) => each.isUp || each.isConnecting)) this.dismiss();
  };

  private async carry(lane: QuorumConnection): Promise<void> {
    const batch = this.waiting.filter(isStillAllowed);
    this.waiting = [];
    if (batch.length === 0) return;
    const { replies, held } = await lane.carry(batch);
    const isHeld = held !== undefined && held >= this.status.replicas;
    let withheld = 0;
    replies.forEach((reply, at) => {
      const pending = batch[at];
      if (reply.status === 'rejected') pending?.reject(reply.reason);
      else if (isHeld) pending?.resolve(reply.value);
      else {
        withheld += 1;
        pending?.reject(quorumWithheld());
      }
    });
    if (withheld > 0) this.status.meter.withheld(withheld);
    if (!isHeld && lane.isUp) this.lose(held);
    this.flush();
  }

  private lose(held: number | undefined): void {
    if (this.isMissing || this.isClosed) return;
    this.isMissing = true;
    this.status.lost(this, this.server, held);
    this.dismiss();
    void this.regain();
  }

  /** No connection is left for the queue: its commands were not sent. */
  private dismiss(): void {
    const dismissed = this.waiting;
    this.waiting = [];
    for (const { reject } of dismissed) {
      this.status.meter.refused();
      reject(quorumMissing());
    }
  }

  private async regain(): Promise<void> {
    while (this.isMissing && !this.isClosed) {
      await delay(PROBE_MS, undefined, { ref: false });
      await this.probe();
    }
  }

  private async probe(): Promise<void> {
    const lane = this.lanes.find((each) => each.isFree);
    if (!lane) return;
    const { held } = await lane.carry(PROBE);
    if (held === undefined || held < this.status.replicas) return this.lose(held);
    this.isMissing = false;
    this.status.regained(this, this.server);
    this.flush();
  }
}
