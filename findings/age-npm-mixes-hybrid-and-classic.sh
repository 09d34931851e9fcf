#!/usr/bin/env bash
# age-encryption 0.3.1 (npm) encrypts one file to a post-quantum hybrid recipient and to a classic X25519 recipient, without an
# error. The reference implementation (filippo.io/age v1.3.2, Go) refuses such a pair, as the file is then only as strong against
# a later quantum computer as its weakest recipient. A file that one tool makes by rule cannot be made by the other.
#
# Seen on 2026-11-30: npm makes the file, and Go's `age` opens it with either identity; Go's `age -r … -r …` refuses to make it.
#
# Needs Node 20.19 or newer with npm, and Go 1.24 or newer.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund age-encryption@0.3.1
GOPATH="$work/go" GOBIN="$work/bin" go install filippo.io/age/cmd/age@v1.3.2 2>/dev/null

cat > mix.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { Encrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';

const encrypter = new Encrypter();
for (const [name, identity] of [['hybrid', await generateHybridIdentity()], ['classic', await generateX25519Identity()]]) {
  const recipient = await identityToRecipient(identity);
  encrypter.addRecipient(recipient);
  writeFileSync(`${name}.identity`, `${identity}\n`);
  writeFileSync(`${name}.recipient`, `${recipient}\n`);
}
writeFileSync('mixed.age', await encrypter.encrypt('content'));
JS
node mix.mjs || { echo 'changed: the npm package refuses the pair'; exit 1; }
for name in hybrid classic; do
  [ "$(bin/age --decrypt --identity $name.identity mixed.age)" = content ] || { echo "changed: $name does not open it"; exit 1; }
  echo "made by npm, opened by Go with the $name identity"
done
if echo content | bin/age -R hybrid.recipient -R classic.recipient >made.age 2>go.err; then echo 'changed: Go makes it'; exit 1; fi
echo "Go: $(head -n 1 go.err)"
