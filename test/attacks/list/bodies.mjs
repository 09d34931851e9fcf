/** Line 9: bodies that cost more than they should, and answers that are not read. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { ask, sideBySide, tally } from '../http.mjs';

/** What a creation takes, by its own limit: 256 KiB, written as six bytes each, and some room. */
const BODY_BYTES = 262_144 * 6 + 10_000;
const REQUESTS = 20;
const address = (n) => `127.1.0.${1 + (n % 4)}`;

function manyKeys() {
  const keys = [];
  for (let n = 0, bytes = 0; bytes < BODY_BYTES; n += 1) {
    const key = `"${n.toString(36)}":0`;
    keys.push(key);
    bytes += key.length + 1;
  }
  return `{"content":"x",${keys.join(',')}}`;
}

function deep() {
  const depth = Math.floor(BODY_BYTES / 2) - 20;
  return `{"content":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}

const post = (url, body, n) =>
  ask(`${url}/api/v1/secrets`, {
    method: 'POST',
    from: address(n),
    headers: { 'content-type': 'application/json' },
    body,
  });

async function sendMany({ url }, body) {
  const answers = [];
  await sideBySide(REQUESTS, 4, async (n) => answers.push(await post(url, body, n)));
  const longest = Math.max(...answers.map(({ text }) => text.length));
  return `${tally(answers)}; longest answer ${Math.ceil(longest / 1_024)} KiB`;
}

const CONNECTIONS = 40;
const PIPELINED = 50;
const UNREAD_SECONDS = 20;

/** Asks for much and reads none of it. */
async function unread({ port }) {
  const body = manyKeys();
  const head = `POST /api/v1/secrets HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const look = 'GET /api/openapi.json HTTP/1.1\r\nHost: portal\r\n\r\n'.repeat(PIPELINED);
  const sockets = Array.from({ length: CONNECTIONS }, (_, n) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.2.0.${1 + n}` });
    socket.on('error', () => undefined);
    // Paused before it ever flows: the kernel's buffers fill, then the portal's.
    socket.pause();
    socket.write(n % 2 === 0 ? head + body : look);
    return socket;
  });
  await delay(UNREAD_SECONDS * 1_000);
  // What was cut off shows once it is read.
  const cut = await Promise.all(sockets.map(wasCut));
  for (const socket of sockets) socket.destroy();
  return `${cut.filter(Boolean).length} of ${CONNECTIONS} connections were closed within ${UNREAD_SECONDS} s`;
}

const wasCut = (socket) =>
  new Promise((resolve) => {
    for (const event of ['end', 'error', 'close']) socket.once(event, () => resolve(true));
    setTimeout(() => resolve(socket.destroyed), 1_000);
    socket.resume();
  });

export const BODIES = [
  { name: 'many-keys', line: 9, run: (target) => sendMany(target, manyKeys()) },
  { name: 'deep-nesting', line: 9, run: (target) => sendMany(target, deep()) },
  { name: 'unread-answers', line: 9, run: unread },
];
