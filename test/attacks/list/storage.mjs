/** Lines 11 and 12: what one client can take of Redis, of the quota of files, and of the disk. */
import { randomBytes } from 'node:crypto';

import { ask, formOf, sideBySide, tally } from '../http.mjs';

const MIB = 2 ** 20;
const TEXT = 'x'.repeat(262_144);
const TEXTS = 480;

const TUS = { 'tus-resumable': '1.0.0' };
const begin = (url, bytes, from) =>
  ask(`${url}/api/v1/uploads`, { method: 'POST', from, headers: { ...TUS, 'upload-length': String(bytes) } });
const send = (url, path, offset, body, from) =>
  ask(`${url}${path}`, {
    method: 'PATCH',
    from,
    body,
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
  });

const text = (url, content, from) =>
  ask(`${url}/api/v1/secrets`, { method: 'POST', from, json: { content } });

async function fillWithTexts({ url }) {
  const answers = [];
  await sideBySide(TEXTS, 4, async () => answers.push(await text(url, TEXT, '127.1.0.1')));
  return `one client, 120 MB of texts: ${tally(answers)}`;
}

const PIECE = randomBytes(MIB);

/** Begins an upload and sends as much of it as is taken, and never completes it. @returns the last answer */
async function sendUpload(url, bytes, from) {
  const begun = await begin(url, bytes, from);
  if (begun.status !== 201) return begun;
  for (let at = 0; at < bytes; at += PIECE.length) {
    const piece = PIECE.subarray(0, Math.min(PIECE.length, bytes - at));
    const answer = await send(url, begun.headers.location, at, piece, from);
    if (answer.status !== 204) return answer;
  }
  return begun;
}

async function takeQuota({ url }) {
  const answers = [];
  for (let bytes = 60 * MIB; bytes >= 30_000; bytes = Math.floor(bytes / 2)) {
    for (let n = 0; n < 2; n += 1) answers.push(await sendUpload(url, bytes, '127.1.0.1'));
  }
  return `one client sends uploads of 60 MB to 30 KB and completes none: ${tally(answers)}`;
}

/** Uploads, forms and texts of many clients, until each kind has been refused repeatedly. */
async function fillDisk({ url }) {
  const kinds = {
    upload: (from) => sendUpload(url, 64 * MIB, from),
    form: (from) =>
      ask(`${url}/api/v1/files`, {
        method: 'POST',
        from,
        ...formOf([{ name: 'file', filename: 'a', body: PIECE }]),
      }),
    text: (from) => text(url, TEXT, from),
  };
  const told = [];
  for (const [kind, work] of Object.entries(kinds)) {
    const answers = [];
    let refused = 0;
    for (let n = 0; n < 400 && refused < 20; n += 1) {
      const answer = await work(`127.1.0.${1 + (n % 200)}`);
      answers.push(answer);
      if (answer.status >= 400 || answer.status === 0) refused += 1;
    }
    told.push(`${kind}s ${tally(answers)}`);
  }
  return told.join('; ');
}

/** Secrets for innocents to open and to burn while nothing new may be made. */
async function madeBefore({ url }) {
  const ids = [];
  await sideBySide(800, 8, async (n) => {
    const answer = await text(url, 'made before', `127.8.0.${1 + (n % 200)}`);
    if (answer.status !== 201) throw new Error(`preparing was answered ${answer.status}: ${answer.text}`);
    ids.push(JSON.parse(answer.text).id);
  });
  return { ids };
}

export const STORAGE = [
  {
    name: 'fill-redis',
    line: 11,
    // A day of one client within its limit, in seconds.
    env: { RATE_LIMIT_CREATE: '100000', SECRET_CLIENT_BYTES_PER_HOUR: String(32 * MIB) },
    redisMost: 40 * MIB,
    run: fillWithTexts,
  },
  {
    name: 'uncompleted-uploads',
    line: 12,
    env: { FILE_QUOTA_BYTES: String(80 * MIB), FILE_MAX_BYTES: String(62 * MIB) },
    innocent: 'file',
    run: takeQuota,
    // People go on for a while once the quota is taken.
    lingerMs: 5_000,
  },
  {
    name: 'full-disk',
    line: 12,
    diskBytes: 96 * MIB,
    env: { DISK_RESERVE_BYTES: String(32 * MIB) },
    innocent: 'open',
    prepare: madeBefore,
    run: fillDisk,
  },
];
