#!/usr/bin/env bash
# tuspy 1.1.0 (PyPI), uploads that can be resumed (`store_url=True`): a file is recognised by its size and the MD5 of its first
# 64 KiB, and the stored URL is kept when the upload has finished. A second file of the same size with the same start (a disk
# image, a database dump, a log with fixed-size rotation) is taken for the first one.
#
# Expected: two files, two uploads.
# Seen on 2026-11-30: upload() of the second file returns without an error and has the URL of the first one; the server got one
# upload, and no byte of the second file.
# A `fingerprinter` of one's own over the whole content, or over path and modification time, is the remedy.
#
# Needs python3 with venv, and Node 20.19 or newer with npm for the server (@tus/server 2.4.5 with @tus/file-store 2.1.1).
set -euo pipefail
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'tuspy==1.1.0'
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @tus/server@2.4.5 @tus/file-store@2.1.1

cat > server.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from '@tus/server';
import { FileStore } from '@tus/file-store';

const tus = new Server({ path: '/files', datastore: new FileStore({ directory: './stored' }) });
const server = createServer((request, response) => tus.handle(request, response));
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
JS
node server.mjs >server.log 2>&1 & server=$!
until [ -s port ]; do sleep 0.1; done

cat > upload.py <<'PY'
import pathlib
from tusclient import client
from tusclient.storage import filestorage

start = bytes(65536)
pathlib.Path('monday.img').write_bytes(start + b'monday' * 1000)
pathlib.Path('sunday.img').write_bytes(start + b'sunday' * 1000)
storage = filestorage.FileStorage('urls.json')
urls = []
for name in ('monday.img', 'sunday.img'):
    uploader = client.TusClient(f"http://127.0.0.1:{open('port').read()}/files").uploader(
        name, chunk_size=1 << 20, store_url=True, url_storage=storage,
        metadata={'filename': name})
    uploader.upload()
    urls.append(uploader.url)
stored = [path.read_bytes() for path in pathlib.Path('stored').iterdir() if path.suffix != '.json']
print(f'uploads on the server: {len(stored)}; same URL: {urls[0] == urls[1]}; '
      f'holds monday: {any(b"monday" in one for one in stored)}; holds sunday: {any(b"sunday" in one for one in stored)}')
PY
seen=$(venv/bin/python upload.py)
echo "$seen"
expected='uploads on the server: 1; same URL: True; holds monday: True; holds sunday: False'
[ "$seen" = "$expected" ] || { echo "changed: expected '$expected'"; exit 1; }
