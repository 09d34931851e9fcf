import { FILES_PLACE_KEY } from '../redis/redis-keys.js';
import type { RedisService } from '../redis/redis.service.js';
import type { ScriptDefinition } from '../redis/script.js';
import { filesElsewhere } from './files.errors.js';
import type { BlobStoreBinding } from './blob-store-binding.port.js';
import type { BlobStore } from './store/blob-store.port.js';

const bindScript: ScriptDefinition<string> = {
  name: 'bind-once',
  keys: 1,
  parse: ([place]) => String(place),
};

/** Binds Redis to the first blob store that asks. */
export class RedisBlobStoreBinding implements BlobStoreBinding {
  private known = false;

  constructor(
    private readonly redis: Pick<RedisService, 'run'>,
    private readonly blobs: Pick<BlobStore, 'place'>,
  ) {}

  async require(): Promise<void> {
    if (!(await this.holds())) throw filesElsewhere();
  }

  async holds(): Promise<boolean> {
    if (!this.known) {
      const { place } = this.blobs;
      this.known = (await this.redis.run(bindScript, FILES_PLACE_KEY, place)) === place;
    }
    return this.known;
  }
}
