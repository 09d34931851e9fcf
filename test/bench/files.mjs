/** How fast a large file goes in and out, as a ratio to bare Fastify on the same disk, and what memory it takes. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { startRedis, startServer } from './servers.mjs';
import { median } from './throughput.mjs';

const MIB = 1_048_576;
/** What the file repeats: comparing with it costs the reader far less than a hash would. */
const PATTERN = randomBytes(8 * MIB);
const PIECE = 65_536;
const SAMPLE_MS = 20;

function* piecesOf(bytes) {
  for (let at = 0; at < bytes; at += PIECE) {
    const from = at % PATTERN.length;
    yield PATTERN.subarray(from, from + Math.min(PIECE, bytes - at));
  }
}

function residentBytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** @returns what `work` gives, and by how much the process grew meanwhile at most */
async function watched(pid, work) {
  const before = residentBytes(pid);
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, residentBytes(pid))), SAMPLE_MS);
  const perSecond = await work();
  clearInterval(timer);
  return { perSecond, grown: Math.max(most, residentBytes(pid)) - before };
}

async function answerOf(message) {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (message.statusCode >= 300) throw new Error(`answered ${message.statusCode}: ${text}`);
  return JSON.parse(text);
}

function send(url, headers, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers }, (message) => resolve(answerOf(message)));
    outgoing.on('error', reject);
    pipeline(body, outgoing).catch(reject);
  });
}

/** @returns bytes a second */
async function fetchAll(url, headers, bytes) {
  const started = performance.now();
  const message = await new Promise((resolve, reject) =>
    request(url, { headers }, resolve).on('error', reject).end(),
  );
  let at = 0;
  for await (const chunk of message) {
    for (let done = 0; done < chunk.length;) {
      const from = (at + done) % PATTERN.length;
      const length = Math.min(chunk.length - done, PATTERN.length - from);
      if (chunk.compare(PATTERN, from, from + length, done, done + length) !== 0)
        throw new Error('wrong bytes');
      done += length;
    }
    at += chunk.length;
  }
  if (at !== bytes) throw new Error(`${at} bytes instead of ${bytes}: ${message.statusCode}`);
  return (bytes / (performance.now() - started)) * 1000;
}

async function timed(bytes, work) {
  const started = performance.now();
  const value = await work();
  return { value, perSecond: (bytes / (performance.now() - started)) * 1000 };
}

function floorOf(server) {
  return {
    up: async (bytes) => {
      const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes };
      return (await timed(bytes, () => send(`${server.url}/file`, headers, piecesOf(bytes)))).perSecond;
    },
    down: (bytes) => fetchAll(`${server.url}/file`, {}, bytes),
  };
}

const EDGE = 'burnbag-bench';
const HEAD = `--${EDGE}\r\nContent-Disposition: form-data; name="file"; filename="dump.sql"\r\n\r\n`;
const TAIL = `\r\n--${EDGE}--\r\n`;

function* formOf(bytes) {
  yield Buffer.from(HEAD);
  yield* piecesOf(bytes);
  yield Buffer.from(TAIL);
}

/** One file as `curl -F` sends it, encrypted by the server, and opened under a claim. */
function portalOf(server) {
  let id;
  const files = `${server.url}/api/v1/files`;
  return {
    up: async (bytes) => {
      const headers = {
        'content-type': `multipart/form-data; boundary=${EDGE}`,
        'content-length': bytes + HEAD.length + TAIL.length,
      };
      const { value, perSecond } = await timed(bytes, () => send(files, headers, formOf(bytes)));
      id = value.id;
      return perSecond;
    },
    down: async (bytes) => {
      const claim = randomBytes(16).toString('base64url');
      const perSecond = await fetchAll(`${files}/${id}`, { 'x-claim': claim }, bytes);
      const done = { 'content-type': 'application/json' };
      await fetch(`${server.url}/api/v1/secrets/${id}/acknowledge`, {
        method: 'POST',
        headers: done,
        body: JSON.stringify({ claim }),
      });
      return perSecond;
    },
  };
}

/**
 * @param bytes of the file
 * @returns for both directions the medians in bytes a second, the median ratio, and the most that the portal grew
 */
export async function filesCost(rounds, bytes) {
  const redis = await startRedis();
  const floorServer = await startServer('floor', 'test/bench/files-floor.mjs', redis.url);
  const portalServer = await startServer('portal', 'dist/main.js', redis.url, {
    RATE_LIMIT: 'off',
    FILE_MAX_BYTES: String(bytes),
    FILE_QUOTA_BYTES: String(bytes * 4),
  });
  const floor = floorOf(floorServer);
  const portal = portalOf(portalServer);
  const warm = 64 * MIB;
  for (const side of [floor, portal]) await side.up(warm).then(() => side.down(warm));
  const measured = { up: [], down: [] };
  for (let round = 0; round < rounds; round++) {
    for (const way of ['up', 'down']) {
      const floorPerSecond = await floor[way](bytes);
      const { perSecond, grown } = await watched(portalServer.pid, () => portal[way](bytes));
      measured[way].push({ floorPerSecond, perSecond, grown, ratio: perSecond / floorPerSecond });
    }
  }
  for (const part of [floorServer, portalServer, redis]) await part.stop();
  return Object.entries(measured).map(([way, runs]) => ({
    way,
    floorPerSecond: median(runs.map((run) => run.floorPerSecond)),
    perSecond: median(runs.map((run) => run.perSecond)),
    ratio: median(runs.map((run) => run.ratio)),
    grown: Math.max(...runs.map((run) => run.grown)),
  }));
}
