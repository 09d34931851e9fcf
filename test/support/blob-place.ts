import type { BlobEntry, BlobStore } from '../../src/files/store/blob-store.port.js';
import { patternBytes } from './blob-kit.js';

type OpenBlobStore = BlobStore & { close(): Promise<void> };

/** Somewhere a blob store keeps its blobs; empty at first. */
export interface BlobPlace {
  /** Opens a store on it; the caller closes it. */
  open(): Promise<OpenBlobStore>;
  /** The names of everything that is kept there, partial blobs and what belongs to them too. */
  contents(): Promise<string[]>;
  remove(): Promise<void>;
}

/** What the tests of the contract work with: a fresh store for each test. */
export interface BlobBench {
  readonly place: BlobPlace;
  readonly store: OpenBlobStore;
  /** Closes the store and opens another on the same place, as a restart does. */
  restart(): Promise<void>;
}

/** To be called within a `describe`: opens a store before each of its tests and removes its place afterwards. */
export function blobBench(newPlace: () => Promise<BlobPlace>): BlobBench {
  let place: BlobPlace;
  let store: OpenBlobStore;
  beforeEach(async () => {
    place = await newPlace();
    store = await place.open();
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  return {
    get place() {
      return place;
    },
    get store() {
      return store;
    },
    async restart() {
      await store.close();
      store = await place.open();
    },
  };
}

/** Stores a finished blob of pattern bytes. */
export async function putBlob(store: BlobStore, id: string, length: number): Promise<void> {
  const writer = await store.append(id, 0);
  await writer.write(patternBytes(0, length));
  await writer.finish();
}

/** Everything in the list, sorted by id. */
export async function entriesOf(store: BlobStore): Promise<BlobEntry[]> {
  const found: BlobEntry[] = [];
  for await (const entry of store.list()) found.push(entry);
  return found.sort((a, b) => a.id.localeCompare(b.id));
}

/** Whether `got` is what the pattern has from there on; compared so that a failure stays readable. */
export const isPattern = (got: Buffer, from: number, to: number): boolean =>
  got.equals(patternBytes(from, to));
