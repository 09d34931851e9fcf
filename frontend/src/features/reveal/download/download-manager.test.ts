/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { type FileSink, SinkError } from '../../../lib/files-sink/files-sink';
import { pattern } from '../../../testing/pattern';
import { type PlainFile, sealedFiles } from '../../../testing/sealed-files';
import { RangeServer } from '../../../testing/range-server';
import { savedFiles } from '../api/saved-files';
import { DownloadManager, type Item } from './download-manager';

const ID = '5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11';
const CLAIM = 'A'.repeat(22);
const FILES: PlainFile[] = [
  { name: 'one.bin', bytes: pattern(200_000, 3) },
  { name: 'empty', bytes: pattern(0) },
  { name: '../two.bin', bytes: pattern(131_072, 5) },
];

/** Saved files, and discarded ones. */
class Saved {
  readonly files = new Map<string, Buffer>();
  abandoned = 0;
  /** Whether they are written by the page itself, or given to the browser as downloads. */
  confirmed = true;
  /** Names of files given again from this device. */
  readonly again: string[] = [];
  /** Fails after this number of bytes. */
  room = Infinity;

  readonly open = async (name: string): Promise<FileSink> => {
    const pieces: Uint8Array[] = [];
    let used = 0;
    return {
      write: async (bytes) => {
        used += bytes.length;
        if (used > this.room) throw new SinkError('full');
        pieces.push(bytes);
      },
      finish: async () => {
        this.files.set(name, Buffer.concat(pieces));
        if (this.confirmed) return { confirmed: true };
        return { confirmed: false, again: () => this.again.push(name) > 0 };
      },
      abandon: async () => void (this.abandoned += 1),
    };
  };
}

/** What is in an archive, read by another implementation. */
async function unzip(archive: Buffer): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const zip = await fromBufferPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    found.set(entry.fileName, Buffer.concat(pieces));
  }
  return found;
}

let server: RangeServer;
let saved: Saved;
const native = globalThis.fetch;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick', 'setImmediate'] });
  server = new RangeServer();
  saved = new Saved();
  globalThis.fetch = server.fetch;
});
afterEach(() => {
  jest.useRealTimers();
  globalThis.fetch = native;
  savedFiles.drop(ID);
});

async function sealedDesk(files = FILES) {
  const { payload, identity, entries, proof } = await sealedFiles(files);
  server.hold(`/files/${ID}`, payload);
  const headers = { 'X-Claim': CLAIM, 'X-Proof': proof };
  const access = { id: ID, headers, payloadBytes: payload.length, identity };
  return { payload, desk: new DownloadManager(access, entries, saved.open), access, entries };
}

function serverDesk(files = FILES) {
  for (const [index, { bytes }] of files.entries()) server.hold(`/files/${ID}/${index}`, bytes);
  const entries = files.map(({ name, bytes }) => ({ name, type: '', size: bytes.length }));
  const access = { id: ID, headers: { 'X-Claim': CLAIM }, payloadBytes: 331_072 };
  return { desk: new DownloadManager(access, entries, saved.open), access, entries };
}

/** Advances time until the item reaches one of the phases; @returns its state then */
async function until(desk: DownloadManager, item: Item, ...phases: (string | undefined)[]) {
  for (let turn = 0; turn < 2_000; turn += 1) {
    const state = desk.state().transfers.get(item);
    if (phases.includes(state?.phase)) return state;
    await jest.advanceTimersByTimeAsync(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`still ${desk.state().transfers.get(item)?.phase}`);
}

const save = async (desk: DownloadManager, item: Item) => {
  desk.start(item);
  return until(desk, item, 'saved', 'failed');
};

describe.each(['sealed', 'server'] as const)('files, %s', (kind) => {
  const deskOf = async () => (kind === 'sealed' ? (await sealedDesk()).desk : serverDesk().desk);

  it('are saved bit by bit as they were, each under a safe name', async () => {
    const desk = await deskOf();
    for (const item of [2, 0, 1]) expect((await save(desk, item))?.phase).toBe('saved');
    for (const { name, bytes } of FILES)
      expect(saved.files.get(name.replace('../', ''))?.equals(bytes)).toBe(true);
    expect(desk.state().saved).toEqual(new Set([0, 1, 2]));
  });

  it('arrive completely although the connection breaks repeatedly, under the same claim', async () => {
    const desk = await deskOf();
    server.mishaps.push(
      ...[70_000, 1, 65_536, 0, 12_345].map((cutAfter) => ({ cutAfter })),
      'offline',
      'endsEarly',
    );
    server.mishaps.push({ status: 503, code: 'store_unavailable' });
    server.mishaps.push({ status: 429, code: 'rate_limited', more: { retryAfterSeconds: 2 } });
    expect((await save(desk, 0))?.phase).toBe('saved');
    expect(saved.files.get('one.bin')?.equals(FILES[0]?.bytes ?? Buffer.of())).toBe(true);
    expect(server.asked.length).toBeGreaterThan(8);
    expect(new Set(server.asked.map(({ headers }) => headers['X-Claim']))).toEqual(new Set([CLAIM]));
    expect(server.asked.at(-1)?.headers['If-Range']).toMatch(/^"/);
  });

  it('are zipped on the way, as other programs read it', async () => {
    const desk = await deskOf();
    server.mishaps.push({ cutAfter: 90_000 });
    const state = await save(desk, 'zip');
    expect(state).toMatchObject({ phase: 'saved' });
    const archive = saved.files.get('burnbag-files.zip') ?? Buffer.of();
    expect(archive.length).toBe(state?.total);
    expect(await unzip(archive)).toEqual(
      new Map(FILES.map(({ name, bytes }) => [name.replace('../', ''), Buffer.from(bytes)])),
    );
    expect(desk.state().saved.size).toBe(3);
  });

  it('end with the error of the server when it has them no more, and nothing is saved', async () => {
    const desk = await deskOf();
    server.mishaps.push(
      { cutAfter: 70_000 },
      { status: 410, code: 'secret_gone', more: { reason: 'viewed' } },
    );
    if (kind === 'sealed') server.mishaps.unshift({ cutAfter: Infinity });
    expect(await save(desk, 0)).toMatchObject({ phase: 'failed', trouble: 'gone' });
    expect([...saved.files]).toEqual([]);
    expect(saved.abandoned).toBe(1);
  });

  it('are not mixed with another version of them', async () => {
    const desk = await deskOf();
    server.mishaps.push({ cutAfter: 70_000 }, 'otherVersion');
    if (kind === 'sealed') server.mishaps.unshift({ cutAfter: Infinity });
    expect(await save(desk, 0)).toMatchObject({ phase: 'failed', trouble: 'damaged' });
    expect([...saved.files]).toEqual([]);
  });
});

describe('one download', () => {
  it('pauses, continues, and can be cancelled without leftovers', async () => {
    const { desk } = await sealedDesk([{ name: 'big', bytes: pattern(900_000) }]);
    const stop = desk.subscribe(() => {
      if ((desk.state().transfers.get(0)?.done ?? 0) > 0) desk.pause(0);
    });
    desk.start(0);
    // Reports come a few times a second: this one is due at once.
    jest.spyOn(performance, 'now').mockImplementation(() => Date.now() * 1_000);
    const paused = await until(desk, 0, 'paused');
    stop();
    const before = server.asked.length;
    await jest.advanceTimersByTimeAsync(100_000);
    expect(server.asked.length).toBe(before);
    expect(paused?.done).toBeGreaterThan(0);
    desk.resume(0);
    expect((await until(desk, 0, 'saved', 'failed'))?.phase).toBe('saved');
    expect(saved.files.get('big')?.equals(pattern(900_000))).toBe(true);
    jest.restoreAllMocks();

    server.mishaps.push('offline', 'offline', 'offline');
    desk.start(0);
    await until(desk, 0, 'waiting');
    desk.cancel(0);
    await until(desk, 0, undefined);
    expect(saved.abandoned).toBe(1);
  });

  it.each([
    ['damaged', (payload: Uint8Array) => (payload[70_000] = (payload[70_000] ?? 0) ^ 1)],
    ['damaged', (payload: Uint8Array) => (payload[150] = (payload[150] ?? 0) ^ 1)],
  ])('says %s, and saves nothing', async (trouble, change) => {
    const { desk, payload } = await sealedDesk();
    change(payload);
    expect(await save(desk, 0)).toMatchObject({ phase: 'failed', trouble });
    expect([...saved.files]).toEqual([]);
    expect(desk.state().saved.size).toBe(0);
  });

  it('does not open what is longer or shorter than the manifest says', async () => {
    const { access, entries } = await sealedDesk();
    const wrong = entries.map((entry, index) => (index === 2 ? { ...entry, size: entry.size - 1 } : entry));
    const desk = new DownloadManager(access, wrong, saved.open);
    expect(await save(desk, 0)).toMatchObject({ phase: 'failed', trouble: 'damaged' });
    const other = serverDesk();
    const shorter = other.entries.map((entry) => ({ ...entry, size: entry.size + 1 }));
    const lying = new DownloadManager(other.access, shorter, saved.open);
    expect(await save(lying, 0)).toMatchObject({ phase: 'failed', trouble: 'damaged' });
    expect([...saved.files]).toEqual([]);
  });

  it('says that the disk of the reader is full', async () => {
    const { desk } = await sealedDesk();
    saved.room = 100_000;
    expect(await save(desk, 0)).toMatchObject({ phase: 'failed', trouble: 'full' });
    expect(saved.abandoned).toBe(1);
    saved.room = Infinity;
    expect(await save(desk, 0)).toMatchObject({ phase: 'saved' });
  });

  it('gives up on a server that keeps failing', async () => {
    const { desk } = await sealedDesk();
    server.mishaps.push(...Array.from({ length: 9 }, () => ({ status: 500, code: 'internal' })));
    expect(await save(desk, 0)).toMatchObject({ phase: 'failed', trouble: 'server' });
  });
});

describe('what was given to the browser as a download', () => {
  it('is not saved before the reader says so, over a reload too', async () => {
    const { desk, access, entries } = await sealedDesk();
    await save(desk, 2);
    saved.confirmed = false;
    await save(desk, 'zip');
    expect(desk.state()).toMatchObject({ saved: new Set([2]), handed: new Set([0, 1]) });
    const reloaded = new DownloadManager(access, entries, saved.open);
    expect(reloaded.state()).toMatchObject({ saved: new Set([2]), handed: new Set([0, 1]) });
    reloaded.confirm();
    expect(reloaded.state()).toMatchObject({ saved: new Set([0, 1, 2]), handed: new Set() });
    expect(new DownloadManager(access, entries, saved.open).state().saved).toEqual(new Set([0, 1, 2]));
  });

  it('is given again from this device, or by the server when it is not here any more', async () => {
    const { desk, access, entries } = await sealedDesk();
    saved.confirmed = false;
    await save(desk, 0);
    await save(desk, 1);
    const asked = server.asked.length;
    desk.handAgain();
    expect(saved.again).toEqual(['one.bin', 'empty']);
    expect(server.asked).toHaveLength(asked);

    const reloaded = new DownloadManager(access, entries, saved.open);
    reloaded.handAgain();
    for (const file of [0, 1]) expect((await until(reloaded, file, 'saved', 'failed'))?.phase).toBe('saved');
    expect(server.asked.length).toBeGreaterThan(asked);
  });

  it('is known to be saved once it is written to its place by the page itself', async () => {
    const { desk } = await sealedDesk();
    saved.confirmed = false;
    await save(desk, 0);
    saved.confirmed = true;
    await save(desk, 0);
    expect(desk.state()).toMatchObject({ saved: new Set([0]), handed: new Set() });
  });
});
