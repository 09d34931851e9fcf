import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { DataDirError } from './data-dir.errors.js';
import { exchange } from './socket-exchange.js';

/** Greeting to a client of the lock: the owner is running. */
const LOCK_GREETING = 'burnbag\n';

/**
 * One owner of a folder below DATA_DIR: the process that listens on the lock's socket. The kernel closes the
 * socket with the process, however it dies, so a lock is stale exactly when it does not answer.
 */
export class DataDirLock {
  private constructor(
    private readonly server: Server,
    private readonly socketPath: string,
    private readonly inode: number,
    private readonly guests: ReadonlySet<Socket>,
  ) {}

  /**
   * @param serve handles a client after the greeting; without it clients are disconnected
   * @throws DataDirError when another process holds the lock
   */
  static async acquire(
    socketPath: string,
    dataDir: string,
    serve: (socket: Socket) => void = (socket) => socket.end(),
  ): Promise<DataDirLock> {
    // Listening under a temporary name first makes the link below the one atomic step.
    const draft = `${socketPath}.${randomBytes(4).toString('hex')}`;
    const guests = new Set<Socket>();
    const server = createServer((socket) => {
      guests.add(socket);
      socket.once('close', () => guests.delete(socket));
      socket.on('error', () => undefined).write(LOCK_GREETING);
      serve(socket);
    });
    server.listen(draft);
    await once(server, 'listening');
    server.unref();
    try {
      if (!claim(draft, socketPath)) {
        await removeStale(socketPath, `${draft}.stale`, dataDir);
        if (!claim(draft, socketPath)) throw heldByAnother(dataDir);
      }
      return new DataDirLock(server, socketPath, statSync(draft).ino, guests);
    } catch (error) {
      server.close();
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** Releases the lock and removes its file. */
  async release(): Promise<void> {
    if (statSync(this.socketPath, { throwIfNoEntry: false })?.ino === this.inode) {
      rmSync(this.socketPath, { force: true });
    }
    const closed = once(this.server, 'close');
    this.server.close();
    for (const guest of this.guests) guest.destroy();
    await closed;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** @returns whether the lock is ours now; false when its name is taken */
function claim(draft: string, socketPath: string): boolean {
  try {
    linkSync(draft, socketPath);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a stale lock. Moving it first shows whether another process was faster and it is a live one. */
async function removeStale(socketPath: string, aside: string, dataDir: string): Promise<void> {
  if ((await exchange(socketPath)) !== undefined) throw heldByAnother(dataDir);
  try {
    renameSync(socketPath, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const isAlive = (await exchange(aside)) !== undefined;
  if (isAlive) claim(aside, socketPath);
  rmSync(aside, { force: true });
  if (isAlive) throw heldByAnother(dataDir);
}

function heldByAnother(dataDir: string): DataDirError {
  return new DataDirError(
    `another Burnbag is running on DATA_DIR ${dataDir}: stop it, or give this one a DATA_DIR of its own`,
  );
}
