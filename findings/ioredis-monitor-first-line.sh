#!/usr/bin/env bash
# ioredis 6.0.0 (npm): `monitor()` takes the first lines of MONITOR for replies when they arrive in one packet with the "+OK" of
# the command, as they do from a busy server. It throws "Command queue state error" outside of every promise, which ends a process
# that has no handler for uncaught errors, and the lines are lost. Its status changes a microtask after "+OK" was read.
#
# Expected: the promise resolves and the lines arrive as `monitor` events, as they do when the packets are apart.
# Seen on 2026-12-01: "apart: 1 line, no error", "together: 0 lines, Command queue state error".
#
# Needs Node 20.19 or newer with npm. The server is a stub that speaks RESP and answers MONITOR as Redis does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ioredis@6.0.0

cat > run.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

const LINE = '+1796102136.288377 [0 127.0.0.1:42864] "GET" "key"\r\n';

async function tryOne(together) {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      if (!/monitor/i.test(bytes.toString('latin1'))) return;
      socket.write(together ? `+OK\r\n${LINE}` : '+OK\r\n');
      if (!together) setTimeout(() => socket.write(LINE), 200);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let error = 'no error';
  const onError = (cause) => (error = cause.message.split('.')[0]);
  process.on('uncaughtException', onError);
  const redis = new Redis({ host: '127.0.0.1', port: server.address().port, protocol: 2, enableReadyCheck: false, disableClientInfo: true, retryStrategy: null });
  redis.on('error', () => undefined);
  let lines = 0;
  let monitor;
  redis.monitor().then((opened) => {
    monitor = opened;
    opened.on('monitor', () => (lines += 1));
  }, onError);
  await new Promise((done) => setTimeout(done, 1500));
  console.log(`${together ? 'together' : 'apart'}: ${lines} line${lines === 1 ? '' : 's'}, ${error}`);
  process.off('uncaughtException', onError);
  process.on('uncaughtException', () => undefined);
  monitor?.disconnect();
  redis.disconnect();
  server.close();
}

await tryOne(false);
await tryOne(true);
process.exit(0);
JS
seen=$(timeout 30 node run.mjs)
echo "$seen"
[ "$seen" = $'apart: 1 line, no error\ntogether: 0 lines, Command queue state error' ] || { echo 'changed'; exit 1; }
