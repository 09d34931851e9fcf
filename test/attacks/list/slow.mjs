/** Line 13: clients that take their time, and clients that take the time of all. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { ask, sideBySide, tally } from '../http.mjs';

const CONNECTIONS = 300;
const SLOW_SECONDS = 60;
const BYTE_EVERY_MS = 20_000;
const HEAD =
  'POST /api/v1/files HTTP/1.1\r\nHost: portal\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n' +
  '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';

async function slowForms({ port }) {
  let open = 0;
  const sockets = Array.from({ length: CONNECTIONS }, (_, n) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.1.0.${1 + (n % 5)}` });
    socket.on('error', () => undefined);
    socket.once('connect', () => (open += 1));
    socket.once('close', () => (open -= 1));
    socket.resume();
    socket.write(HEAD);
    return socket;
  });
  const dripping = setInterval(() => sockets.forEach((socket) => socket.write('x')), BYTE_EVERY_MS);
  await delay(SLOW_SECONDS * 1_000);
  clearInterval(dripping);
  const left = open;
  for (const socket of sockets) socket.destroy();
  return `${left} of ${CONNECTIONS} connections of 5 clients are open after ${SLOW_SECONDS} s`;
}

const SECRETS = 60;
const GUESSES = 180;

/** One client with as many guesses at a time as it likes. */
async function guess({ url }) {
  const from = '127.1.0.1';
  const answers = [];
  const ids = [];
  await sideBySide(SECRETS, SECRETS, async () => {
    const answer = await ask(`${url}/api/v1/secrets`, {
      method: 'POST',
      from,
      json: { content: 'x', passphrase: 'known to me' },
    });
    answers.push(answer);
    if (answer.status === 201) ids.push(JSON.parse(answer.text).id);
  });
  const created = tally(answers.splice(0));
  await sideBySide(GUESSES, GUESSES, async (n) => {
    const id = ids[n % Math.max(1, ids.length)];
    if (id === undefined) return;
    const json = { passphrase: `wrong ${n}` };
    answers.push(await ask(`${url}/api/v1/secrets/${id}/reveal`, { method: 'POST', from, json }));
  });
  return `one client: creates ${created}; guesses ${tally(answers)}`;
}

export const SLOW = [
  { name: 'slow-forms', line: 13, run: slowForms },
  {
    name: 'passphrase-queue',
    line: 13,
    // Within its limits a client could do the same from several addresses.
    env: { RATE_LIMIT_REVEAL: '1000' },
    innocent: 'passphrase',
    run: guess,
  },
];
