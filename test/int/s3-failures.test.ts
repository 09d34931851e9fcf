import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  BlobNotFoundError,
  BlobStoreAwayError,
  BlobStoreFullError,
  BlobStoreRefusedError,
  BlobStoreUnfitError,
} from '../../src/files/store/blob-store.errors.js';
import type { BlobWriter } from '../../src/files/store/blob-store.port.js';
import { S3_PATIENCE, s3Client, type S3Place } from '../../src/files/store/s3/s3-blob.client.js';
import { partSize } from '../../src/files/store/s3/s3-blob.names.js';
import type { S3BlobStore } from '../../src/files/store/s3/s3-blob.store.js';
import { GRAIN } from '../support/blob-kit.js';
import { digest, gather } from '../support/chunk-kit.js';
import { freePort } from '../support/free-port.js';
import { contentsOf, openS3 } from '../support/s3-kit.js';
import { breakableLine, type BreakableLine } from '../support/s3-proxy.js';
import { canMountDisks, OBTAIN_S3_MS, startS3, type TestS3 } from '../support/s3-server.js';

const id = '00ab5c0123456789abcdef0123456789';
const P = partSize(GRAIN, 1);
const PIECE = 1_000_000;
const whole = randomBytes(30_000_000);

let server: TestS3;
let line: BreakableLine;
let place: S3Place;
let store: S3BlobStore;
beforeAll(async () => {
  server = await startS3();
}, OBTAIN_S3_MS);
beforeEach(async () => {
  line = await breakableLine(server.endpoint);
  place = { ...(await server.place()), endpoint: line.endpoint };
  store = await openS3(place);
});
afterEach(async () => {
  await store.close();
  await line.stop();
});

async function write(writer: BlobWriter, to = whole.length): Promise<void> {
  while (writer.length < to)
    await writer.write(whole.subarray(writer.length, Math.min(to, writer.length + PIECE)));
}
async function put(): Promise<void> {
  const writer = await store.append(id, 0);
  await write(writer);
  await writer.finish();
}
/** Continues from the state of the store only. */
async function resume(): Promise<number> {
  const at = await store.durableLength(id);
  const writer = await store.append(id, at);
  await write(writer);
  await writer.finish();
  return at;
}
const tenPlaces = (): number[] => Array.from({ length: 10 }, () => Math.ceil(Math.random() * whole.length));
const expectWhole = async () => expect(digest(await gather(await store.read(id)))).toBe(digest(whole));

describe('an upload', () => {
  it('whose server is killed says so, and goes on where the last part ended when it is back', async () => {
    const writer = await store.append(id, 0);
    await write(writer, 2 * P + 500_000);
    expect(await writer.sync()).toBeGreaterThan(2 * P - 65_564);
    await server.kill9();
    await expect(write(writer).then(() => writer.finish())).rejects.toThrow(BlobStoreAwayError);
    await expect(writer.suspend()).rejects.toThrow('has ended');
    await expect(store.durableLength(id)).rejects.toThrow(BlobStoreAwayError);
    await server.restart();
    expect(await resume()).toBeGreaterThan(2 * P - 65_564);
    await expectWhole();
    expect(await contentsOf(place)).toEqual([`${id}: ${whole.length}`]);
  });

  it('whose server is killed while it is put together is there, or goes on', async () => {
    const writer = await store.append(id, 0);
    await write(writer);
    await writer.sync();
    const finished = writer.finish();
    await server.kill9();
    await expect(finished).rejects.toThrow(BlobStoreAwayError);
    await server.restart();
    await resume();
    await expectWhole();
  });

  it('arrives over a line that breaks at ten random places', async () => {
    line.breakAfter('up', ...tenPlaces());
    // Where it breaks four times in one part the writer fails, and the client resumes, as after any break.
    await put().catch(async (error: unknown) => {
      expect(error).toBeInstanceOf(BlobStoreAwayError);
      await resume().catch(resume);
    });
    expect(line.breaks).toBe(10);
    await expectWhole();
    expect(await contentsOf(place)).toEqual([`${id}: ${whole.length}`]);
  });

  it('of which only the last answer is lost has arrived', async () => {
    const writer = await store.append(id, 0);
    await write(writer);
    await writer.sync();
    // The first attempt to put it together succeeds unheard: the next one finds no upload.
    line.loseAnswerTo(/^POST [^ ]*uploadId=/);
    await writer.finish();
    expect(line.breaks).toBe(1);
    await expectWhole();
  });

  it('to a server that answers nothing gives up in time', async () => {
    const hasty = await openS3(place, { ...S3_PATIENCE, answerMs: 2_000, attempts: 2 });
    const writer = await hasty.append(id, 0);
    await writer.write(whole.subarray(0, PIECE));
    line.swallow();
    await expect(writer.finish()).rejects.toMatchObject({
      name: BlobStoreAwayError.name,
      reason: expect.stringMatching(/time/i),
    });
    line.restored();
    await hasty.close();
    await put();
    await expectWhole();
  });

  it('into a full store leaves nothing, and what fits is taken afterwards', async () => {
    if (!canMountDisks()) {
      process.stderr.write(
        'No user namespaces here, as in some containers: the full S3 server was not tried.\n',
      );
      return;
    }
    const small = await startS3({ diskBytes: 16 * 1_048_576 });
    const narrow = await small.place();
    const full = await openS3(narrow);
    const writer = await full.append(id, 0);
    await expect(write(writer).then(() => writer.finish())).rejects.toThrow(BlobStoreFullError);
    expect([await contentsOf(narrow), await full.usedBytes()]).toEqual([[], 0]);
    const next = await full.append(id, 0);
    await write(next, P + 100);
    await next.finish();
    expect(await full.size(id)).toBe(P + 100);
    await full.close();
    await small.stop();
  });
});

describe('a download', () => {
  beforeEach(put);

  it('arrives over a line that breaks at ten random places', async () => {
    line.breakAfter('down', ...tenPlaces());
    await expectWhole();
    expect(line.breaks).toBe(10);
  });

  it('fails when the server dies and stays away: it never ends early', async () => {
    const stream = await store.read(id);
    await once(stream, 'readable');
    await server.kill9();
    await expect(gather(stream)).rejects.toThrow(BlobStoreAwayError);
    await server.restart();
    await expectWhole();
  });

  it('goes on when the server is back in a moment', async () => {
    // How long its start takes is not what this is about.
    const patient = await openS3(place, { ...S3_PATIENCE, attempts: 10 });
    const stream = await patient.read(id);
    await once(stream, 'readable');
    await server.restart();
    expect(digest(await gather(stream))).toBe(digest(whole));
    await patient.close();
  });

  it('fails when the blob is gone at the break, or another stands in its place', async () => {
    for (const instead of [undefined, randomBytes(whole.length)]) {
      const stream = await store.read(id);
      await once(stream, 'readable');
      await store.delete(id);
      if (instead) {
        const writer = await store.append(id, 0);
        await writer.write(instead);
        await writer.finish();
      }
      line.cut();
      line.restored();
      await expect(gather(stream)).rejects.toThrow(BlobNotFoundError);
      await store.delete(id);
      await put();
    }
  });

  it('may be left while the server does not answer, at once', async () => {
    const stream = await store.read(id);
    await once(stream, 'readable');
    line.swallow();
    const closed = once(stream, 'close');
    stream.destroy();
    await closed;
    line.restored();
    await expectWhole();
  });
});

describe('a start', () => {
  it('on a bucket that cannot be used names the settings, and no secret', async () => {
    const known = place.credentials ?? { accessKeyId: '', secretAccessKey: '' };
    const wrong: [Partial<S3Place>, string][] = [
      [{ bucket: 'no-such-bucket' }, 'NoSuchBucket'],
      [{ endpoint: `http://127.0.0.1:${await freePort()}` }, 'ECONNREFUSED'],
      [{ credentials: { accessKeyId: 'nobody', secretAccessKey: 'hush-hush' } }, 'refuses'],
      [{ credentials: { ...known, secretAccessKey: 'hush-hush' } }, 'SignatureDoesNotMatch'],
    ];
    for (const [change, reason] of wrong) {
      const changed = { ...place, ...change };
      const failure = await openS3(changed).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(BlobStoreUnfitError);
      const said = String(failure);
      for (const part of ['S3_BUCKET', changed.bucket, 'S3_ENDPOINT', changed.endpoint, reason])
        expect(said).toContain(part);
      expect(said).not.toMatch(/nobody|hush/);
      expect(said).not.toContain(known.secretAccessKey);
      expect(said).not.toContain(known.accessKeyId);
    }
  });

  it('is not the only time: a bucket that goes away later is a refusal, not a missing blob', async () => {
    const doomed = await server.place({ bucket: 'short-lived' });
    const orphaned = await openS3(doomed);
    const client = s3Client(doomed);
    await client.send(new DeleteBucketCommand({ Bucket: doomed.bucket }));
    client.destroy();
    await expect(orphaned.durableLength(id)).rejects.toThrow(BlobStoreRefusedError);
    await expect(orphaned.read(id)).rejects.toThrow(BlobStoreRefusedError);
    await orphaned.close();
  });
});
