#!/usr/bin/env bash
# ioredis 6.0.0 (npm): when the server refuses SELECT (an ACL without it, or a database number that does not exist), the client
# emits one `error` and then `ready`, and every command goes to database 0. A program that waits for `ready` works on the data
# of another application.
#
# Expected: the connection fails, as it does when the password is refused.
# Seen on 2026-11-30: error "NOPERM ...", then ready, then SET is sent and answered.
#
# Needs Node 20.19 or newer with npm. The server is a stub that speaks RESP and refuses SELECT as Redis does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ioredis@6.0.0

cat > run.mjs <<'JS'
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

const seen = [];
const server = createServer((socket) => {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (;;) {
      const lines = text.split('\r\n');
      const parts = Number(lines[0].slice(1));
      if (!text.startsWith('*') || lines.length < 2 * parts + 2) return;
      const words = lines.slice(1, 2 * parts + 1).filter((_, index) => index % 2 === 1);
      text = lines.slice(2 * parts + 1).join('\r\n');
      const command = words[0].toLowerCase();
      if (command === 'select') socket.write("-NOPERM User app has no permissions to run the 'select' command\r\n");
      else if (command === 'hello') socket.write('-NOPROTO unsupported protocol version\r\n');
      else if (command === 'info') socket.write('$15\r\nredis_version:7\r\n');
      else socket.write('+OK\r\n');
      if (command === 'set') seen.push('the server got SET');
    }
  });
});
server.listen(0, '127.0.0.1', async () => {
  const redis = new Redis({ host: '127.0.0.1', port: server.address().port, db: 3, username: 'app', password: 'p' });
  redis.on('error', (error) => seen.push(`error ${error.message.split(' ')[0]}`));
  redis.on('ready', () => seen.push('ready'));
  await redis.set('key', 'value').then((reply) => seen.push(`SET answered ${reply}`));
  console.log(seen.join(', '));
  redis.disconnect();
  server.close();
});
JS
seen=$(timeout 20 node run.mjs)
echo "$seen"
case "$seen" in
  *'error NOPERM'*ready*'the server got SET, SET answered OK') ;;
  *) echo 'changed'; exit 1 ;;
esac
