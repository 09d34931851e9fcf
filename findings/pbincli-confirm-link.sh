#!/usr/bin/env bash
# PBinCLI 0.3.7 (PyPI) and the links of PrivateBin: a link to a burn-after-reading paste has the fragment `#-KEY`, where the
# dash asks the web page to confirm first and is not part of the key. PBinCLI takes the dash for part of the key. It fetches
# the paste first, and the server deletes it with that request, and fails to decode the key afterwards.
#
# Expected by a reader of the link: the text, or a refusal before the request.
# Seen on 2026-11-30: the server is asked once, the command ends with "Invalid character '-'" and writes no file.
# The same paste with the dash removed opens.
#
# Needs python3 with venv. The server here is a stub that stores one paste and deletes it when it is read, as PrivateBin does.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'pbincli==0.3.7'

cat > server.py <<'PY'
import http.server, json

pastes, reads = {}, 0

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        pastes['0123456789abcdef'] = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        self.answer({'status': 0, 'id': '0123456789abcdef', 'url': '/', 'deletetoken': '00'})

    def do_GET(self):
        global reads
        query = self.path.partition('?')[2]
        if query == 'jsonld=paste':
            return self.answer({'@context': {'v': {'@value': 2}}})
        if query == 'reads':
            return self.answer(reads)
        reads += 1
        paste = pastes.pop(query, None)
        self.answer({'status': 1, 'message': 'deleted'} if paste is None else {'status': 0, 'id': query, **paste})

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
open('port', 'w').write(str(server.server_port))
server.serve_forever()
PY
python3 server.py & server=$!
until [ -s port ]; do sleep 0.1; done
url="http://127.0.0.1:$(cat port)/"
reads() { python3 -c "import urllib.request; print(urllib.request.urlopen('${url}?reads').read().decode())"; }
send() { venv/bin/pbincli send -s "$url" --burn --text 'one secret' --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["result"]["link"])'; }

link=$(send)
venv/bin/pbincli get "$link" > plain.out 2>&1
grep -q 'one secret' paste-0123456789abcdef.txt || { echo 'changed: a link without a dash does not open'; exit 1; }
rm paste-0123456789abcdef.txt
echo 'without the dash: the paste opens'

before=$(reads)
link=$(send)
if venv/bin/pbincli get "${link/\#/\#-}" > dash.out 2>&1; then echo 'changed: a link with the dash opens'; exit 1; fi
[ "$(reads)" = $((before + 1)) ] || { echo 'changed: the paste was not requested before the key was checked'; exit 1; }
[ ! -e paste-0123456789abcdef.txt ] || { echo 'changed: a file was written'; exit 1; }
grep -q "Invalid character '-'" dash.out || { echo 'changed: another error'; tail -n 3 dash.out; exit 1; }
echo "with the dash: requested once (and deleted by the server), then: $(tail -n 1 dash.out)"
