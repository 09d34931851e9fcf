// A process that writes blobs until it is killed, or until the disk is full; says on stdout how far it came.
import { DiskBlobStore } from '../../src/files/store/disk/disk-blob.store.js';
import { everythingIn, GRAIN, patternBytes } from './blob-kit.js';

const [dataDir = '', mode = '', id = ''] = process.argv.slice(2);
const store = await DiskBlobStore.open(dataDir, GRAIN);
const say = (text: string) => process.stdout.write(`${text}\n`);
/** Pieces of an odd size, so that a death finds the file anywhere between two borders. */
const PIECE = 50_001;

async function fill(): Promise<void> {
  const writer = await store.append(id, await store.durableLength(id));
  for (;;) {
    await writer.write(patternBytes(writer.length, writer.length + PIECE));
    say(String(writer.length));
  }
}

if (mode === 'endless') {
  await fill();
} else if (mode === 'full') {
  const failure = await fill().catch((error: unknown) => error);
  const name = failure instanceof Error ? failure.name : String(failure);
  const left = everythingIn(`${dataDir}/blobs`);
  // The room is there again: a blob that fits is taken.
  const small = await store.append(id, 0);
  await small.write(patternBytes(0, 1_000));
  await small.finish();
  say(JSON.stringify({ name, left, used: await store.usedBytes(), size: await store.size(id) }));
  await store.close();
} else {
  for (let n = 0; ; n++) {
    const name = n.toString(16).padStart(32, '0');
    const writer = await store.append(name, 0);
    await writer.write(patternBytes(0, 3_000));
    await writer.finish();
    say(name);
  }
}
