import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import {
  blobChild,
  border,
  everythingIn,
  GRAIN,
  newDataDir,
  outcomeOf,
  patternBytes,
} from '../../../../test/support/blob-kit.js';
import { gather } from '../../../../test/support/chunk-kit.js';
import { BlobStoreFullError } from '../blob-store.errors.js';
import { DiskBlobStore } from './disk-blob.store.js';

const id = '5ecde70123456789abcdef0123456789';
let dataDir: string;
beforeEach(() => {
  dataDir = newDataDir();
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** Starts a writer, waits for `lines` lines of its output, and kills it. */
async function killedAfter(lines: number, ...args: string[]): Promise<string[]> {
  const child = blobChild([dataDir, ...args]);
  let said = '';
  for await (const text of child.stdout ?? []) {
    said += String(text);
    if (said.split('\n').length > lines) break;
  }
  const closed = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await closed;
  return said.split('\n').slice(0, -1);
}

describe('a writer that is killed', () => {
  it('leaves a partial blob that others can continue, repeatedly', async () => {
    let before = 0;
    for (const lines of [1, 7, 3, 20]) {
      const said = await killedAfter(lines, 'endless', id);
      const store = await DiskBlobStore.open(dataDir, GRAIN);
      const durable = await store.durableLength(id);
      expect((durable - GRAIN.head) % GRAIN.unit).toBe(0);
      expect(durable).toBeGreaterThan(Number(said.at(-1)) - GRAIN.unit);
      expect(durable).toBeGreaterThanOrEqual(before);
      before = durable;
      const found = [];
      for await (const entry of store.list()) found.push([entry.id, entry.partial]);
      expect(found).toEqual([[id, true]]);
      await store.close();
    }
    const store = await DiskBlobStore.open(dataDir, GRAIN);
    // More than the last one wrote, which depends on how busy the machine is.
    const end = before + border(60);
    const writer = await store.append(id, before);
    await writer.write(patternBytes(before, end));
    await writer.finish();
    expect((await gather(await store.read(id))).equals(patternBytes(0, end))).toBe(true);
    await store.close();
  });

  it('leaves finished blobs whole, and at most the one partial that it was at', async () => {
    const finished = await killedAfter(40, 'many');
    const store = await DiskBlobStore.open(dataDir, GRAIN);
    const [whole, partial]: [string[], string[]] = [[], []];
    for await (const entry of store.list()) (entry.partial ? partial : whole).push(entry.id);
    expect(whole).toEqual(expect.arrayContaining(finished));
    expect(partial.length).toBeLessThanOrEqual(1);
    for (const name of whole) {
      expect((await gather(await store.read(name))).equals(patternBytes(0, 3_000))).toBe(true);
    }
    for (const name of [...whole, ...partial]) await store.delete(name);
    expect([everythingIn(`${dataDir}/blobs`), await store.usedBytes()]).toEqual([[], 0]);
    await store.close();
  });
});

describe('a store without space', () => {
  const expected = { name: BlobStoreFullError.name, left: [], used: 1_000, size: 1_000 };

  it('fails at the largest file that is allowed, leaves nothing, and takes what fits', async () => {
    const { code, said } = await outcomeOf(
      blobChild([dataDir, 'full', id], ['sh', '-c', 'ulimit -f 600; exec "$@"', 'sh']),
    );
    expect(code).toBe(0);
    expect(said.split('\n').length).toBeGreaterThan(5);
    expect(JSON.parse(said.trimEnd().split('\n').at(-1) ?? '')).toEqual(expected);
  });

  it('fails on a full disk, leaves nothing, and takes what fits', async () => {
    // A disk of 1 MiB in a mount namespace of its own.
    const mounted = (then: string) => [
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=1m tmpfs "$0" && ${then}`,
      dataDir,
    ];
    if (spawnSync('unshare', mounted('true')).status !== 0) {
      process.stderr.write('No user namespaces here, as in some containers: the full disk was not tried.\n');
      return;
    }
    const child = blobChild([dataDir, 'full', id], ['unshare', ...mounted('exec "$@"')]);
    const { code, said } = await outcomeOf(child);
    expect(code).toBe(0);
    expect(said.split('\n').length).toBeGreaterThan(15);
    expect(JSON.parse(said.trimEnd().split('\n').at(-1) ?? '')).toEqual(expected);
  });
});
