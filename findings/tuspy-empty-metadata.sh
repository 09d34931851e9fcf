#!/usr/bin/env bash
# tuspy 1.1.0 (PyPI) against @tus/server 2.4.5 (npm): without `metadata` the client sends an empty `Upload-Metadata` header
# instead of none, and the server takes an empty header for a malformed one. The plainest use of the client cannot begin an upload
# at that server.
#
# Expected: 201 and an upload.
# Seen on 2026-11-30: the client raises TusCommunicationError, status 400, "Invalid upload-metadata". With any metadata it works.
#
# Needs python3 with venv, and Node 20.19 or newer with npm.
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
import io
from tusclient import client
from tusclient.exceptions import TusCommunicationError

to = client.TusClient(f"http://127.0.0.1:{open('port').read()}/files")
for metadata in (None, {'filename': 'a.txt'}):
    try:
        to.uploader(file_stream=io.BytesIO(b'content'), chunk_size=1 << 20, metadata=metadata).upload()
        print(f'metadata={metadata}: uploaded')
    except TusCommunicationError as error:
        print(f'metadata={metadata}: {error.status_code} {error.response_content.decode().strip()}')
PY
seen=$(venv/bin/python upload.py)
echo "$seen"
expected="metadata=None: 400 Invalid upload-metadata
metadata={'filename': 'a.txt'}: uploaded"
[ "$seen" = "$expected" ] || { echo "changed: expected '$expected'"; exit 1; }
