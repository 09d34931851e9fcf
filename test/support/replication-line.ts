import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { endAfterTests } from './leftovers.js';

/**
 * A stretch of network before a master. To freeze a replica's process would not be a partition, since the kernel's buffers
 * still deliver what was sent: here the bytes stay where they are.
 */
export interface ReplicationLine {
  readonly port: number;
  /** From now on nothing passes to or from the replica that listens on `port`; its connections stay open. */
  freeze(port: number): void;
  /** The replica can be heard again: over new connections, since what was sent on the old ones is lost. */
  thaw(port: number): void;
}

/** The handshake of a replica. */
const LISTENING = /REPLCONF\r\n\$\d+\r\nlistening-port\r\n\$\d+\r\n(\d+)\r\n/i;

interface Link {
  readonly client: Socket;
  /** Of the replica at its other end; undefined: a client. */
  replica: number | undefined;
}

class Line implements ReplicationLine {
  private readonly frozen = new Set<number>();
  private readonly links = new Set<Link>();

  constructor(readonly port: number) {}

  freeze(port: number): void {
    this.frozen.add(port);
  }

  thaw(port: number): void {
    this.frozen.delete(port);
    for (const { client, replica } of this.links) if (replica === port) client.destroy();
  }

  end(): void {
    for (const { client } of this.links) client.destroy();
  }

  accept(client: Socket, target: number): void {
    const server = connect(target, '127.0.0.1');
    const link: Link = { client, replica: undefined };
    this.links.add(link);
    client.on('close', () => this.links.delete(link));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.on('data', (bytes: Buffer) => {
        if (from === client && link.replica === undefined) {
          const [, listening] = LISTENING.exec(bytes.toString('latin1')) ?? [];
          if (listening !== undefined) link.replica = Number(listening);
        }
        if (link.replica === undefined || !this.frozen.has(link.replica)) to.write(bytes);
      });
    }
  }
}

/** @param target the port of the master @returns where replicas, sentinels and clients shall reach it */
export async function replicationLine(target: number): Promise<ReplicationLine> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  const line = new Line(address.port);
  server.on('connection', (client) => line.accept(client, target));
  endAfterTests(async () => {
    server.close();
    line.end();
  });
  return line;
}
