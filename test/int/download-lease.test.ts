import http from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { digest } from '../support/chunk-kit.js';
import { newClaim } from './kit/client.js';
import { fetchFiles } from './kit/downloads.js';
import { storeFiles, randomFile } from './kit/stored-files.js';
import { keysOf, openPortal, until, type Portal } from './kit/portal.js';

const MIB = 2 ** 20;
const LEASE = 6;
const LEASE_MAX = 18;
/** More than the buffers between both ends may swallow. */
const SIZE = 40 * MIB;
let portal: Portal;

beforeAll(async () => {
  const env = {
    FILE_LEASE_SECONDS: String(LEASE),
    FILE_LEASE_MAX: String(LEASE_MAX),
    // Nothing but what a test does keeps a lease.
    DOWNLOAD_MIN_RATE: '1000000000',
  };
  portal = await openPortal({ env });
});
afterAll(() => portal.close());

/** Reads at a steady rate until it is all, or the connection breaks. */
async function readSlowly(id: string, claim: string, bytesPerSecond: number) {
  const started = performance.now();
  const got = await fetchFiles(portal.client.url, id, { claim, bytesPerSecond });
  return { ...got, seconds: (performance.now() - started) / 1_000 };
}

const isKept = async (id: string): Promise<boolean> => (await portal.db.exists(keysOf(id).record)) === 1;

// Side by side: they wait, each for a file of its own.
describe('the lease of a download', () => {
  it.concurrent('is renewed while the reader takes bytes, beyond its own length', async () => {
    const size = 64 * MIB;
    const file = randomFile(size);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    const got = await readSlowly(id, claim, size / (1.6 * LEASE));
    // What broke at the end could still be resumed, for a lease from when the server let go of it.
    const last = await fetchFiles(portal.client.url, id, { claim, headers: { range: 'bytes=-1' } });
    expect(last.status).toBe(206);
    expect(got.seconds).toBeGreaterThan(1.4 * LEASE);
    expect(got.whole).toBe(true);
    expect(digest(got.bytes)).toBe(digest(file.content));
  });

  it.concurrent('is renewed by each request', async () => {
    const { id } = await storeFiles(portal, [randomFile(10)]);
    const claim = newClaim();
    const started = performance.now();
    while (performance.now() - started < 1.4 * LEASE * 1_000) {
      expect((await fetchFiles(portal.client.url, id, { claim })).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, (LEASE * 1_000) / 5));
    }
  });

  it.concurrent('ends when nothing is read: the connection breaks, and the record is gone', async () => {
    const { id } = await storeFiles(portal, [randomFile(SIZE)]);
    const claim = newClaim();
    const url = `${portal.client.url}/api/v1/files/${id}`;
    const started = performance.now();
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(url, { headers: { 'x-claim': claim }, agent: false }, resolve).on('error', reject);
    });
    response.pause();
    const ended = new Promise<boolean>((resolve) => {
      response.on('end', () => resolve(true));
      response.on('error', () => resolve(false));
      response.on('close', () => resolve(false));
    });
    await until(async () => !(await isKept(id)), 4 * LEASE * 1_000);
    expect(performance.now() - started).toBeGreaterThan((LEASE - 0.5) * 1_000);
    // Whether it was cut shows only to a client that reads what had come before.
    await new Promise((resolve) => setTimeout(resolve, (LEASE * 1_000) / 2));
    let received = 0;
    response.on('data', (piece: Buffer) => (received += piece.length)).resume();
    expect(await ended).toBe(false);
    expect(received).toBeLessThan(SIZE);
    expect(await fetchFiles(portal.client.url, id, { claim })).toMatchObject({ status: 410 });
  });

  it.concurrent('ends at FILE_LEASE_MAX, whatever the progress, and never as if all had come', async () => {
    const file = randomFile(96 * MIB);
    const { id } = await storeFiles(portal, [file]);
    const claim = newClaim();
    // Fast enough that it never stands still for a lease, and would take twice as long as it may.
    const got = await readSlowly(id, claim, (96 * MIB) / (2 * LEASE_MAX));
    expect(got.whole).toBe(false);
    expect(got.seconds).toBeGreaterThan(LEASE_MAX - 1);
    expect(digest(got.bytes)).toBe(digest(file.content.subarray(0, got.bytes.length)));
    // Redis reckons the same time by itself.
    await until(async () => !(await isKept(id)), LEASE * 1_000);
    expect(await fetchFiles(portal.client.url, id, { claim })).toMatchObject({ status: 410 });
  });
});
