import { Redis } from 'ioredis';

const CONNECT_MS = 5_000;

/** A look into Redis for a command that runs once: no second try, no check whether the server is fit. */
export class RedisReader {
  private constructor(private readonly client: Redis) {}

  /**
   * @param target a redis:// URL or the path of a Unix socket
   * @throws Error when the server does not take the connection within five seconds
   */
  static async open(target: string): Promise<RedisReader> {
    const client = new Redis(target, {
      lazyConnect: true,
      connectionName: 'burnbag-cli',
      connectTimeout: CONNECT_MS,
      commandTimeout: CONNECT_MS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    let reason: Error | undefined;
    client.on('error', (error: Error) => (reason ??= error));
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw reason ?? error;
    }
    return new RedisReader(client);
  }

  /** @returns null when there is no such key */
  get(key: string): Promise<Buffer | null> {
    return this.client.getBuffer(key);
  }

  close(): void {
    this.client.disconnect();
  }
}
