import { FILES_PLACE_KEY } from '../../../redis/redis-keys.js';
import type { RedisService } from '../../../redis/redis.service.js';
import { bindOnceScript, readValueScript } from '../../../redis/value/value.scripts.js';
import { filesElsewhere } from '../../files.errors.js';
import type { BlobStore } from '../blob-store.port.js';

/**
 * Whether this replica keeps the files of its Redis. Replicas that share a Redis must share a blob store:
 * with another disk, one would treat every file of the others as lost. Binds Redis to the first blob store
 * that asks.
 */
export class RedisBlobStoreBinding {
  private known = false;
  /** Whether Redis was bound to another store when it was last read; false before. */
  isElsewhere = false;

  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly blobs: Pick<BlobStore, 'place'>,
  ) {}

  /** @throws ProblemError files_elsewhere */
  async require(): Promise<void> {
    if (!(await this.holds())) throw filesElsewhere();
  }

  async holds(): Promise<boolean> {
    if (!this.known) {
      const { place } = this.blobs;
      this.known =
        (await this.redis.run(bindOnceScript, { binding: FILES_PLACE_KEY }, { id: place })) === place;
      this.isElsewhere = !this.known;
    }
    return this.known;
  }

  /** Reads the binding and makes none. @throws ProblemError store_unavailable */
  async refresh(): Promise<void> {
    if (this.known) return;
    const bound = await this.redis.run(readValueScript, { value: FILES_PLACE_KEY }, {});
    this.isElsewhere = bound !== undefined && bound.toString('utf8') !== this.blobs.place;
  }
}
