#!/usr/bin/env bash
# standardwebhooks 1.1.0 (PyPI), `Webhook.sign(msg_id, timestamp: datetime, data)`: the time zone of the datetime is replaced by
# UTC, not converted. A sender that passes an aware local time and writes the same instant into `webhook-timestamp` makes a
# signature that no receiver accepts, except where the local zone happens to be UTC (so in most containers and in CI).
#
# Expected: sign(…, 14:00+02:00) and sign(…, 12:00+00:00) are the same signature, as they are the same instant.
# Seen on 2026-11-30: two different ones; verify() of the same package refuses the first.
#
# Needs python3 with venv.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'standardwebhooks==1.1.0'

cat > sign.py <<'PY'
from datetime import datetime, timedelta, timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook('whsec_' + 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=')
utc = datetime.now(timezone.utc).replace(microsecond=0)
for name, when in (('UTC', utc), ('+02:00', utc.astimezone(timezone(timedelta(hours=2))))):
    assert when == utc
    headers = {'webhook-id': 'msg_1', 'webhook-timestamp': str(int(when.timestamp())),
               'webhook-signature': webhook.sign('msg_1', when, '{"opened":true}')}
    try:
        webhook.verify('{"opened":true}', headers)
        print(f'{name}: accepted')
    except WebhookVerificationError as error:
        print(f'{name}: refused: {error}')
PY
seen=$(venv/bin/python sign.py)
echo "$seen"
expected='UTC: accepted
+02:00: refused: No matching signature found'
[ "$seen" = "$expected" ] || { echo "changed: expected '$expected'"; exit 1; }
