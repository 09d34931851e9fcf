/** @jest-environment node */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { ageFileSize, chunkNonce } from './age-stream.format';
import { createSealer, createStreamKeys, type Plaintext, type StreamKeys } from './age-stream.sealer';
import { sealedSize } from './sealed-size';
import { pattern } from '../../testing/pattern';

const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 2 ** 20 + 1];

const plaintext = (bytes: Uint8Array<ArrayBuffer>): Plaintext => ({
  size: bytes.length,
  read: async (start, end) => bytes.slice(start, end),
});
/** `npm test` finds or brings it; a test that needs it fails without it. */
const AGE = process.env['AGE_BIN'] ?? 'age';

let identity: string;
let keys: StreamKeys;
beforeAll(async () => {
  identity = await generateIdentity();
  keys = await createStreamKeys(await identityToRecipient(identity));
});

async function openByLibrary(file: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file);
}

function openByCommand(file: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'burnbag-age-'));
  try {
    writeFileSync(join(folder, 'identity.txt'), `${identity}\n`, { mode: 0o400 });
    const options = { input: file, maxBuffer: 2 ** 26 };
    return new Uint8Array(execFileSync(AGE, ['-d', '-i', join(folder, 'identity.txt')], options));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what is sealed in pieces', () => {
  it.each(SIZES)('is an age file that the library opens, and the age command: %d bytes', async (size) => {
    const bytes = pattern(size);
    const fresh = await createStreamKeys(await identityToRecipient(identity));
    const sealer = createSealer(plaintext(bytes), fresh);
    const file = await sealer.slice(0, sealer.size);
    expect(file.length).toBe(sealer.size);
    expect(sealer.size).toBe(sealedSize(size));
    expect(Buffer.from(await openByLibrary(file)).equals(bytes)).toBe(true);
    expect(Buffer.from(openByCommand(file)).equals(bytes)).toBe(true);
  });

  it.each(SIZES)('is the same from wherever it is begun again: %d bytes', async (size) => {
    const sealer = createSealer(plaintext(pattern(size)), keys);
    const whole = Buffer.from(await sealer.slice(0, sealer.size));
    // The borders of the header, of the age chunks and of the server's chunks, and one beside each.
    const borders = [168, 184, 184 + 65_552, 65_536, 131_072, 184 + 2 * 65_552, sealer.size];
    const places = [...new Set([0, ...borders.flatMap((at) => [at - 1, at, at + 1])])];
    const inside = places.filter((at) => at >= 0 && at <= sealer.size);
    for (const from of inside) {
      for (const to of inside.filter((at) => at >= from)) {
        const part = Buffer.from(await sealer.slice(from, to));
        expect([from, to, part.equals(whole.subarray(from, to))]).toEqual([from, to, true]);
      }
    }
  });

  it('asks only for the plaintext of the part that is wanted', async () => {
    const asked: [number, number][] = [];
    const bytes = pattern(2 ** 20);
    const watched: Plaintext = {
      size: bytes.length,
      read: async (start, end) => {
        asked.push([start, end]);
        return bytes.slice(start, end);
      },
    };
    await createSealer(watched, keys).slice(0, 184);
    expect(asked).toEqual([]);
    await createSealer(watched, keys).slice(184 + 65_552, 184 + 2 * 65_552);
    expect(asked).toEqual([[65_536, 131_072]]);
  });

  it('ends at its end, whatever is asked for', async () => {
    const sealer = createSealer(plaintext(pattern(10)), keys);
    expect((await sealer.slice(0, 10 ** 9)).length).toBe(sealer.size);
    expect((await sealer.slice(sealer.size, sealer.size + 5)).length).toBe(0);
  });

  it('has another key for every file, also for the same recipient', async () => {
    const other = await createStreamKeys(await identityToRecipient(identity));
    expect(other.payloadKey).not.toEqual(keys.payloadKey);
    expect(other.start).not.toEqual(keys.start);
  });

  it('is damaged for the reader when any byte of it changes', async () => {
    const sealer = createSealer(plaintext(pattern(70_000)), keys);
    const file = await sealer.slice(0, sealer.size);
    for (const at of [30, 100, 170, 190, 65_800, file.length - 1]) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const outcome = await openByLibrary(changed).then(
        () => 'opened',
        () => 'refused',
      );
      expect([at, outcome]).toEqual([at, 'refused']);
    }
  });
});

describe('the layout', () => {
  it('counts chunks in the nonce and marks the last', () => {
    expect([...chunkNonce(0, false)]).toEqual(Array.from({ length: 12 }, () => 0));
    expect([...chunkNonce(0x01_02_03_04_05, true)]).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 1]);
  });

  it('has an empty chunk only when there is nothing', () => {
    expect(ageFileSize(184, 0)).toBe(200);
    expect(ageFileSize(184, 65_536)).toBe(184 + 65_552);
    expect(ageFileSize(184, 65_537)).toBe(184 + 65_552 + 17);
  });
});
