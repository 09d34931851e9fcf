#!/usr/bin/env bash
# A zip that is written as a stream without compression (client-zip 2.5.1, npm) names the sizes of its files behind their bytes.
# Readers that seek to the index at the end open it. Of the readers that take a zip as a stream, stream-unzip 0.0.101 (PyPI)
# refuses such a file though sizes and signatures stand behind each file; unzipper 0.12.5 and fflate 0.8.3 (npm) read it.
#
# Seen on 2026-11-30: Python's zipfile, unzipper and fflate read all three files; stream-unzip raises NotStreamUnzippable.
#
# Needs python3 with venv, and Node 20.19 or newer with npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'stream-unzip==0.0.101'
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund client-zip@2.5.1 unzipper@0.12.5 fflate@0.8.3

cat > make.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { downloadZip } from 'client-zip';

const files = [
  { name: 'a.txt', input: 'hello '.repeat(1000) },
  { name: 'folder/b.bin', input: new Uint8Array(70_000).map((_, index) => index) },
  { name: 'empty.txt', input: '' },
];
writeFileSync('three.zip', Buffer.from(await downloadZip(files).arrayBuffer()));
JS
node make.mjs
cat > read.mjs <<'JS'
import { createReadStream, readFileSync } from 'node:fs';
import { Unzip, UnzipInflate } from 'fflate';
import unzipper from 'unzipper';

let bytes = 0;
for await (const entry of createReadStream('three.zip').pipe(unzipper.Parse({ forceStream: true }))) {
  bytes += (await entry.buffer()).length;
}
console.log(`unzipper: ${bytes} bytes`);
bytes = 0;
const unzip = new Unzip((file) => {
  file.ondata = (error, chunk) => {
    if (error) throw error;
    bytes += chunk.length;
  };
  file.start();
});
unzip.register(UnzipInflate);
unzip.push(readFileSync('three.zip'), true);
console.log(`fflate: ${bytes} bytes`);
JS
cat > read.py <<'PY'
import zipfile
from stream_unzip import NotStreamUnzippable, stream_unzip

archive = zipfile.ZipFile('three.zip')
print(f'zipfile: {sum(len(archive.read(name)) for name in archive.namelist())} bytes')
try:
    for _, _, chunks in stream_unzip([open('three.zip', 'rb').read()]):
        for _ in chunks:
            pass
    print('stream-unzip: read')
except NotStreamUnzippable as error:
    print(f'stream-unzip: NotStreamUnzippable {error}')
PY
seen=$(node read.mjs; venv/bin/python read.py)
echo "$seen"
expected="unzipper: 76000 bytes
fflate: 76000 bytes
zipfile: 76000 bytes
stream-unzip: NotStreamUnzippable b'a.txt'"
[ "$seen" = "$expected" ] || { echo "changed: expected '$expected'"; exit 1; }
