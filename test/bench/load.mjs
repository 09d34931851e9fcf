/**
 * Closed-loop load over kept-alive connections. Written here because it has to cost next to nothing beside Redis on
 * one core, and has to send every id exactly once.
 */
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /content-length: (\d+)/i;

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Connections are made before the clock starts: a kept-alive one has its handshake behind it. */
function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.setNoDelay(true);
    socket.once('error', reject);
  });
}

/** One connection: sends the next request as soon as the answer to the last is whole. */
function drive(socket, next, onAnswer) {
  return new Promise((resolve, reject) => {
    let started = 0;
    let pending = Buffer.alloc(0);
    const send = () => {
      const request = next();
      if (request === undefined) {
        socket.destroy();
        resolve();
        return;
      }
      started = performance.now();
      socket.write(request);
    };
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('the server closed the connection')));
    socket.on('data', (data) => {
      pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
      const end = pending.indexOf(HEAD_END);
      if (end < 0) return;
      const head = pending.latin1Slice(0, end);
      const length = Number(LENGTH.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      onAnswer(Number(head.slice(9, 12)), pending.latin1Slice(end + 4), performance.now() - started);
      pending = Buffer.alloc(0);
      send();
    });
    send();
  });
}

/**
 * @param requests whole HTTP requests, each sent once
 * @param connections how many at a time
 * @returns answers per second and latencies in ms
 */
async function run(url, requests, connections, expected, onBody) {
  const port = Number(new URL(url).port);
  const latencies = [];
  let next = 0;
  const unexpected = new Map();
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const began = performance.now();
  await Promise.all(
    sockets.map((socket) =>
      drive(
        socket,
        () => requests[next++],
        (status, body, ms) => {
          latencies.push(ms);
          if (status === expected) onBody?.(body);
          else unexpected.set(status, (unexpected.get(status) ?? 0) + 1);
        },
      ),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  if (unexpected.size > 0) throw new Error(`unexpected answers: ${JSON.stringify([...unexpected])}`);
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

function post(path, body) {
  const length = Buffer.byteLength(body);
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;
}

/** Creates `amount` secrets of `content`. @returns figures and the ids */
export async function createSecrets(url, amount, connections, content) {
  const ids = [];
  const request = post('/api/v1/secrets', JSON.stringify({ content }));
  const requests = Array.from({ length: amount }, () => request);
  const figures = await run(url, requests, connections, 201, (body) => ids.push(body.slice(7, 43)));
  return { ...figures, ids };
}

/** Opens each of `ids` once. */
export function revealSecrets(url, ids, connections) {
  return run(
    url,
    ids.map((id) => post(`/api/v1/secrets/${id}/reveal`, '{}')),
    connections,
    200,
  );
}
