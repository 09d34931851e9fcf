import { describe, expect, it } from '@jest/globals';

import { BlobBusyError, BlobNotFoundError } from '../store/blob-store.errors.js';
import type { BlobEntry, BlobId, BlobStore } from '../store/blob-store.port.js';
import type { BlobOwners } from './blob-owners.port.js';
import { Sweep, WrongStoreError } from './sweep.js';

/** A store and a Redis with contents set by the test, which record the calls. */
class World {
  readonly blobs = new Set<BlobId>();
  /** In the store, but not in its list: finished a moment ago. */
  readonly unlisted = new Set<BlobId>();
  readonly busy = new Set<BlobId>();
  readonly owners = new Map<BlobId, 'secret' | 'upload'>();
  readonly index = new Set<BlobId>();
  readonly done: string[] = [];
  partial = false;
  elsewhere = false;

  readonly sweep = new Sweep({
    blobs: this.store(),
    owners: this.asOwners(),
    secrets: {
      burn: (ref, offer, origin) => {
        const id = ref.toString('hex');
        this.done.push(`burn ${id} ${JSON.stringify(offer)} ${origin}`);
        this.owners.delete(id);
        return Promise.resolve({ kind: 'ok' });
      },
    },
    here: { holds: () => Promise.resolve(!this.elsewhere) },
    origin: 'system',
    log: (message, ref) => this.done.push(`${message}: ${ref}`),
  });

  private store(): BlobStore {
    const { blobs, unlisted, busy, done } = this;
    const list = async function* (world: World): AsyncGenerator<BlobEntry> {
      for (const id of blobs) yield { id, size: 1, partial: world.partial, modifiedAt: 0 };
    };
    return {
      list: () => list(this),
      size: (id: BlobId) =>
        blobs.has(id) || unlisted.has(id) ? Promise.resolve(1) : Promise.reject(new BlobNotFoundError(id)),
      delete: (id: BlobId) => {
        if (busy.has(id)) return Promise.reject(new BlobBusyError(id));
        done.push(`delete ${id}`);
        return Promise.resolve(blobs.delete(id));
      },
    } as unknown as BlobStore;
  }

  private asOwners(): BlobOwners {
    const { owners, index } = this;
    return {
      ownerOf: (id) => Promise.resolve(owners.get(id)),
      expected: async function* () {
        yield* index;
      },
      forget: (id) => Promise.resolve(!owners.has(id) && (index.delete(id) || true)),
    };
  }

  round = () => this.sweep.round(new AbortController().signal);
}

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);

describe('a round of the sweeper', () => {
  it('leaves a blob alone that is being written, and returns to it', async () => {
    const world = new World();
    world.blobs.add(A).add(B);
    world.busy.add(A);
    expect(await world.round()).toEqual({ blobs: 1, secrets: 0 });
    expect([...world.blobs]).toEqual([A]);
    world.busy.clear();
    expect(await world.round()).toEqual({ blobs: 1, secrets: 0 });
    expect([...world.blobs]).toEqual([]);
  });

  it('burns nothing whose files another replica keeps', async () => {
    const world = new World();
    world.index.add(A);
    world.owners.set(A, 'secret');
    world.elsewhere = true;
    expect(await world.round()).toEqual({ blobs: 0, secrets: 0 });
    world.elsewhere = false;
    expect(await world.round()).toEqual({ blobs: 0, secrets: 1 });
  });

  it('asks the store before it treats a blob as lost: the list is not a snapshot', async () => {
    const world = new World();
    world.unlisted.add(A);
    world.owners.set(A, 'secret');
    world.index.add(A);
    expect(await world.round()).toEqual({ blobs: 0, secrets: 0 });
    expect(world.done).toEqual([]);
    expect([...world.index]).toEqual([A]);
  });

  it('burns as the system, with the authority of the sender, and logs the reference', async () => {
    const world = new World();
    world.owners.set(A, 'secret').set(B, 'secret');
    world.index.add(A).add(B);
    world.blobs.add(B);
    expect(await world.round()).toEqual({ blobs: 0, secrets: 1 });
    expect(world.done).toEqual([
      `burn ${A} "system" system`,
      `a secret was burnt because its files are lost: ${A}`,
    ]);
    // Its end is known now: it leaves the index.
    expect(await world.round()).toEqual({ blobs: 0, secrets: 0 });
    expect([...world.index]).toEqual([B]);
  });

  it('burns nothing when all are missing at once: the disk is not mounted', async () => {
    const world = new World();
    const ids = Array.from({ length: 11 }, (_, n) => n.toString(16).padStart(32, '0'));
    for (const id of ids) {
      world.owners.set(id, 'secret');
      world.index.add(id);
    }
    await expect(world.round()).rejects.toThrow(WrongStoreError);
    expect(world.done).toEqual([]);
    // One existing blob proves that it is the right store.
    world.blobs.add(ids[3] ?? '');
    expect(await world.round()).toEqual({ blobs: 0, secrets: 10 });
  });

  it('deletes nothing when Redis knows none of many files: it is another Redis', async () => {
    const world = new World();
    const ids = Array.from({ length: 11 }, (_, n) => n.toString(16).padStart(32, '0'));
    for (const id of ids) world.blobs.add(id);
    await expect(world.round()).rejects.toThrow(WrongStoreError);
    expect(world.done).toEqual([]);
    // The right one still has its index, also when all of its secrets have ended meanwhile.
    world.index.add(ids[3] ?? '');
    expect(await world.round()).toEqual({ blobs: 11, secrets: 0 });
    expect([...world.index]).toEqual([]);
  });

  it('removes abandoned uploads, however many, though Redis has no other record', async () => {
    const world = new World();
    world.partial = true;
    for (let n = 0; n < 20; n++) world.blobs.add(n.toString(16).padStart(32, '0'));
    expect(await world.round()).toEqual({ blobs: 20, secrets: 0 });
  });

  it('removes the index entries of blobs that it deleted in the same round', async () => {
    const world = new World();
    world.blobs.add(A);
    world.index.add(A);
    expect(await world.round()).toEqual({ blobs: 1, secrets: 0 });
    expect([...world.index]).toEqual([]);
  });

  it('keeps blobs of a secret or an upload', async () => {
    const world = new World();
    world.blobs.add(A).add(B);
    world.owners.set(A, 'secret').set(B, 'upload');
    world.index.add(A);
    expect(await world.round()).toEqual({ blobs: 0, secrets: 0 });
    expect(world.done).toEqual([]);
  });

  it('stops between two steps', async () => {
    const world = new World();
    world.blobs.add(A);
    world.owners.set(B, 'secret');
    world.index.add(B);
    expect(await world.sweep.round(AbortSignal.abort())).toEqual({ blobs: 0, secrets: 0 });
    expect(world.done).toEqual([]);
  });
});
