/**
 * `npm run attacks`: attacks a portal of its own on the loopback interface and prints what each costs the portal and those
 * who use it meanwhile. Exits 1 where a bound is missed. `-- --only=many-keys,file-names` chooses; `BB_MAIN` names another build.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import pg from 'pg';

import { obtainPostgres, postgresForNobody } from '../../scripts/lib/obtain-postgres.mjs';
import { isRoot } from '../../scripts/lib/shell.mjs';
import { startSharedPostgres } from '../support/shared-postgres.mjs';
import { ask, formOf, sideBySide } from './http.mjs';
import { ATTACKS } from './list/attacks.mjs';
import { startPortal } from './portal.mjs';

const MIB = 2 ** 20;
/** CPU time of one turn of the event loop, beyond the beat of the watch; resident memory above the peak of ordinary use; any request. */
const BOUNDS = { turnMs: 50 + 5, memoryBytes: 64 * MIB, waitMs: 250 };

const say = (line) => process.stdout.write(`${line}\n`);
const moduleOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What any portal has done before it is attacked: code is compiled, Argon2id and a file have had their memory. */
async function useOrdinarily(url) {
  const createAndOpen = async (n, content, passphrase) => {
    const from = `127.10.0.${1 + (n % 50)}`;
    const json = { content, ...passphrase };
    const created = await ask(`${url}/api/v1/secrets`, { method: 'POST', from, json });
    if (created.status !== 201)
      throw new Error(`ordinary use was answered ${created.status}: ${created.text}`);
    const { id } = JSON.parse(created.text);
    await ask(`${url}/api/v1/secrets/${id}/reveal`, { method: 'POST', from, json: { ...passphrase } });
  };
  await sideBySide(200, 4, (n) => createAndOpen(n, 'x'.repeat(n % 10 === 0 ? 200_000 : 100)));
  // As many people at once as there are derivations at once, and more.
  await sideBySide(16, 8, (n) => createAndOpen(n, 'x', { passphrase: 'a word' }));
  const form = formOf([{ name: 'file', filename: 'a.bin', body: randomBytes(8 * MIB) }]);
  const { status, text } = await ask(`${url}/api/v1/files`, { method: 'POST', from: '127.10.0.60', ...form });
  if (status !== 201) throw new Error(`ordinary use was answered ${status}: ${text}`);
  const headers = { 'x-claim': randomBytes(16).toString('base64url') };
  const { id } = JSON.parse(text);
  await ask(`${url}/api/v1/files/${id}`, { from: '127.10.0.60', headers });
  const json = { claim: headers['x-claim'] };
  await ask(`${url}/api/v1/secrets/${id}/acknowledge`, { method: 'POST', from: '127.10.0.60', json });
}

function figuresOf(samples) {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const refused = samples.filter(({ status }) => status < 200 || status >= 300);
  return {
    requests: samples.length,
    p50: sorted[Math.floor(sorted.length / 2)] ?? 0,
    most: sorted.at(-1) ?? 0,
    refused: refused.length,
    first: refused[0] && `${refused[0].status} ${refused[0].text}`,
  };
}

async function measure(attack, databaseUrl) {
  const { name, env, diskBytes, innocent = 'text', prepare = async () => ({}), lingerMs = 0 } = attack;
  const portal = await startPortal({ env, databaseUrl, diskBytes });
  try {
    const target = { url: portal.url, port: portal.port };
    await useOrdinarily(portal.url);
    const prepared = await prepare(target);
    const before = { ...portal.usage(), peak: await portal.startWatching() };
    const people = fork(moduleOf('./innocent.mjs'));
    people.send({ url: portal.url, kind: innocent, ids: prepared.ids });
    const since = performance.now();
    const attacker = fork(moduleOf('./attacker.mjs'));
    attacker.send({ name, target, prepared });
    const [{ note }] = await once(attacker, 'message');
    const seconds = (performance.now() - since) / 1_000;
    await delay(lingerMs);
    people.send('stop');
    const [samples] = await once(people, 'message');
    const after = portal.usage();
    return {
      ...attack,
      note,
      seconds,
      cpu: after.cpu - before.cpu,
      memory: Math.max(0, after.peak - before.peak),
      redis: Math.max(0, after.redisBytes - before.redisBytes),
      turn: await portal.takeTurn(),
      people: figuresOf(samples),
    };
  } finally {
    await portal.stop();
  }
}

/** @returns {string[]} what is beyond its bound */
function missesOf({ turn, memory, redis, redisMost, people }) {
  return [
    turn.cpuMs > BOUNDS.turnMs && `one turn of ${turn.cpuMs.toFixed(0)} ms`,
    memory > BOUNDS.memoryBytes && `${(memory / MIB).toFixed(0)} MB more`,
    redisMost !== undefined && redis > redisMost && `${(redis / MIB).toFixed(0)} MB more of Redis`,
    people.most > BOUNDS.waitMs && `a wait of ${people.most.toFixed(0)} ms`,
    people.refused > 0 && `${people.refused} innocent requests refused: ${people.first}`,
  ].filter(Boolean);
}

function show(row, misses) {
  const { name, line, seconds, cpu, memory, redis, turn, people, note } = row;
  const figures = [
    `${cpu.toFixed(1)} s CPU in ${seconds.toFixed(0)} s`,
    `+${(memory / MIB).toFixed(0)} MB`,
    `Redis +${(redis / MIB).toFixed(0)} MB`,
    `longest turn ${turn.cpuMs.toFixed(0)} ms CPU (${turn.wallMs.toFixed(0)} ms)`,
    `innocents: ${people.requests} requests, p50 ${people.p50.toFixed(0)} ms, most ${people.most.toFixed(0)} ms, ${people.refused} refused`,
  ];
  say(`${misses.length === 0 ? 'ok  ' : 'MISS'} ${name}${line === undefined ? '' : ` (line ${line})`}`);
  say(`     ${figures.join(' | ')}`);
  say(`     ${note}`);
  for (const miss of misses) say(`     beyond its bound: ${miss}`);
}

async function main() {
  const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
  const chosen = ATTACKS.filter(({ name }) => only === undefined || only.split(',').includes(name));
  if (chosen.length === 0) throw new Error(`there is no attack named ${only}`);
  const bin = isRoot() ? postgresForNobody(obtainPostgres()) : obtainPostgres();
  const postgres = await startSharedPostgres(bin, undefined);
  let missed = 0;
  try {
    for (const [n, attack] of chosen.entries()) {
      const client = new pg.Client({ connectionString: `${postgres.url}/postgres` });
      await client.connect();
      await client.query(`CREATE DATABASE attacked_${n}`);
      await client.end();
      const row = await measure(attack, `${postgres.url}/attacked_${n}`);
      const misses = missesOf(row);
      missed += misses.length;
      show(row, misses);
    }
  } finally {
    await postgres.stop();
  }
  say(missed === 0 ? 'every bound is kept' : `${missed} bounds missed`);
  return missed === 0 ? 0 : 1;
}

process.exit(await main());
