#!/usr/bin/env bash
# @fastify/busboy 3.2.6 (npm): a form field whose part says `Content-Type: text/plain; charset=utf-16be` is decoded as UTF-8,
# without an error, while `utf-16le` is honoured. Bytes that are not UTF-8 become U+FFFD.
#
# Expected: the text "é" for the bytes 00 E9, or an error for a charset that is not known.
# Seen on 2026-11-30: utf-16le gives "é", utf-16be gives U+0000 U+FFFD.
#
# Needs Node 20.19 or newer with npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @fastify/busboy@3.2.6

cat > run.cjs <<'JS'
const { Busboy } = require('@fastify/busboy');

function field(charset, bytes) {
  return new Promise((resolve, reject) => {
    const parser = new Busboy({ headers: { 'content-type': 'multipart/form-data; boundary=b' } });
    parser.on('field', (_name, value) => resolve([...value].map((c) => c.codePointAt(0).toString(16)).join(' ')));
    parser.on('error', reject);
    const head = `--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n`;
    parser.end(Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from('\r\n--b--\r\n')]));
  });
}

(async () => {
  console.log(`utf-16le: ${await field('utf-16le', [0xe9, 0x00])}; utf-16be: ${await field('utf-16be', [0x00, 0xe9])}`);
})();
JS
seen=$(node run.cjs)
echo "$seen"
[ "$seen" = 'utf-16le: e9; utf-16be: 0 fffd' ] || { echo 'changed'; exit 1; }
