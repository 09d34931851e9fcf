import type { Redis } from 'ioredis';

import { connectionReason } from '../../platform/logging/connection-reason.js';
import { checkServer, patiently, RedisUnfitError, type ServerFacts } from '../boot-checks.js';
import type { QuorumStatus } from '../quorum/quorum-status.js';
import { QuorumTransport } from '../quorum/quorum.transport.js';
import type { RedisTarget } from '../../platform/config/redis-target.js';
import { closeClient, createClient } from './client.js';
import type { ConnectionLog } from '../handshake/connection-log.js';
import type { CommandTransports } from './command-transport.js';
import { handshakeSettings, RedisHandshakeError } from '../handshake/handshake.js';
import type { RedisConnection } from './redis-connection.js';
import { ServerTransport } from './server.transport.js';

/** About ten seconds: the start of a Redis beside the app may take as long. */
const BOOT_TRIES = 20;

/**
 * Waits for the first connection.
 * @param setting what to check when there is none @throws RedisUnfitError after about ten seconds
 */
export async function reach(client: Redis, setting = 'REDIS_URL'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let tries = 0;
    let refusal: string | undefined;
    const failed = (error: Error) => {
      tries += 1;
      if (error instanceof RedisHandshakeError) refusal = error.message;
      if (tries < BOOT_TRIES) return;
      if (refusal !== undefined) return reject(new RedisUnfitError(refusal));
      reject(new RedisUnfitError(`Redis cannot be reached: ${connectionReason(error)}. Check ${setting}`));
    };
    client.on('error', failed);
    client.once('ready', () => {
      client.off('error', failed);
      resolve();
    });
    client.connect().catch(failed);
  });
}

/** One server at a time: that of a URL, or the master that the sentinels name. */
export class ServerConnection implements RedisConnection {
  readonly lines: CommandTransports;
  readonly commands: Redis;
  private readonly quorum: QuorumTransport | undefined;
  private server = {};

  constructor(
    private readonly target: Exclude<RedisTarget, { mode: 'cluster' }>,
    log: ConnectionLog,
    quorum: QuorumStatus | undefined,
  ) {
    this.commands = createClient(target, log);
    const plain = new ServerTransport(this.commands);
    const changed = (): void => {
      this.server = {};
    };
    this.commands.on('close', changed);
    const settings = handshakeSettings(target);
    this.quorum = quorum && new QuorumTransport(this.commands, quorum, { changed, settings });
    this.lines = { plain, durable: this.quorum ?? plain };
  }

  async connect(): Promise<ServerFacts> {
    await reach(this.commands, this.target.mode === 'single' ? 'REDIS_URL' : 'REDIS_URLS');
    const facts = checkServer(await patiently(() => this.commands.info()));
    await this.quorum?.connect();
    return facts;
  }

  masters(): readonly Redis[] {
    return [this.commands];
  }

  serverOf(): object {
    return this.server;
  }

  answers(): Promise<boolean> {
    return this.commands.ping().then(
      () => true,
      () => false,
    );
  }

  onPresence(hear: (up: boolean) => void): void {
    this.commands.on('ready', () => hear(true));
    this.commands.on('close', () => hear(false));
  }

  close(): void {
    closeClient(this.commands);
    this.quorum?.close();
  }
}
