/** A process of its own: what ordinary people wait for while others attack. Told to stop, it sends what it measured. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { ask, formOf } from './http.mjs';

const PAUSE_MS = 40;
/** Enough clients that none of them reaches a limit. */
const CLIENTS = 250;

const claim = () => randomBytes(16).toString('base64url');
let turn = 0;
const nextClient = () => `127.9.0.${1 + (turn++ % CLIENTS)}`;

async function createAndOpen(url, from, fields) {
  const created = await ask(`${url}/api/v1/secrets`, { method: 'POST', from, json: fields });
  if (created.status !== 201) return [created];
  const { id } = JSON.parse(created.text);
  const { passphrase } = fields;
  const json = passphrase === undefined ? {} : { passphrase };
  return [created, await ask(`${url}/api/v1/secrets/${id}/reveal`, { method: 'POST', from, json })];
}

/** Of each kind: one round of what people do, as its answers. */
const KINDS = {
  text: (url, from) => createAndOpen(url, from, { content: 'an innocent text' }),
  passphrase: (url, from) =>
    createAndOpen(url, from, { content: 'an innocent text', passphrase: 'correct horse' }),
  file: async (url, from) => {
    const form = formOf([{ name: 'file', filename: 'a.bin', body: randomBytes(50_000) }]);
    const created = await ask(`${url}/api/v1/files`, { method: 'POST', from, ...form });
    if (created.status !== 201) return [created];
    const { id } = JSON.parse(created.text);
    return [created, await ask(`${url}/api/v1/files/${id}`, { from, headers: { 'x-claim': claim() } })];
  },
  /** Opens and burns what was made before the attack. */
  open: async (url, from, ids) => {
    const [opened, burnt] = [ids.pop(), ids.pop()];
    if (burnt === undefined) return [];
    return [
      await ask(`${url}/api/v1/secrets/${opened}/reveal`, { method: 'POST', from, json: {} }),
      await ask(`${url}/api/v1/secrets/${burnt}`, { method: 'DELETE', from }),
    ];
  },
};

/** @returns {Promise<{status: number, ms: number, text: string}[]>} every request with how long it took */
async function round(kind, url, ids) {
  const answers = await KINDS[kind](url, nextClient(), ids);
  return answers.map(({ status, ms, text }) => ({
    status,
    ms,
    text: status < 300 ? '' : text.slice(0, 200),
  }));
}

async function live({ url, kind, ids }) {
  const samples = [];
  let over = false;
  process.once('message', () => (over = true));
  while (!over) {
    samples.push(...(await round(kind, url, ids)));
    await delay(PAUSE_MS);
  }
  process.send(samples, () => process.disconnect());
}

process.once('message', (order) => void live(order));
