// Opens every frozen vector with the independent decoder; ends with 1 and names what did not open.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Decrypter, identityToRecipient } from 'age-encryption';
import { openEnvelope, passphraseKeys, readReceipt, refOf, sealedKeys } from './decoder.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const hex = (digits) => new Uint8Array(Buffer.from(digits, 'hex'));
const toHex = (bytes) => Buffer.from(bytes).toString('hex');
const uuid = (id) => hex(id.replaceAll('-', ''));

/** @param written hex of the 64 KiB envelope, of which the file holds only the digest */
export async function checkEverything(written) {
  const frozen = read('envelope.v1.json');
  const keys = Object.fromEntries(Object.entries(frozen.keys).map(([id, key]) => [id, hex(key)]));
  const named = new Map(frozen.envelopes.map((vector) => [vector.name, vector]));
  const open = async (vector, envelope) => {
    const { ref, purpose, passphraseKey = '' } = vector;
    const access = {
      id: uuid(vector.id),
      ref: hex(ref),
      purpose: hex(purpose),
      passphraseKey: hex(passphraseKey),
    };
    assert.equal(toHex(await refOf(access.id)), ref, vector.name);
    return openEnvelope(keys, hex(envelope), access);
  };
  for (const vector of frozen.envelopes) {
    const plaintext = await open(vector, vector.envelope ?? written);
    const digest = createHash('sha256').update(plaintext).digest('hex');
    if (vector.plaintext === undefined) assert.equal(digest, vector.plaintextSha256, vector.name);
    else assert.equal(toHex(plaintext), vector.plaintext, vector.name);
  }
  for (const { of, envelope } of frozen.rewrapped) {
    assert.equal(toHex(await open(named.get(of), envelope)), named.get(of).plaintext, `rewrapped: ${of}`);
  }
  for (const { token, ref, ...times } of frozen.receipts) {
    const receipt = await readReceipt(keys, token);
    assert.deepEqual({ ...receipt, ref: toHex(receipt.ref) }, { ...times, ref }, token);
  }
  for (const { passphrase, id, passphraseKey, verifier } of frozen.passphrases) {
    const derived = await passphraseKeys(passphrase, uuid(id));
    assert.equal(
      toHex(derived.passphraseKey) + toHex(derived.verifier),
      passphraseKey + verifier,
      passphrase,
    );
  }
  const sealed = read('sealed.v1.json');
  for (const vector of sealed) {
    const linkKey = new Uint8Array(Buffer.from(vector.linkKey, 'base64url'));
    const { identity, proof, proofHash } = await sealedKeys(linkKey, vector.passphrase);
    assert.equal(identity, vector.identity, vector.name);
    assert.equal(await identityToRecipient(identity), vector.recipient, vector.name);
    assert.equal(Buffer.from(proof).toString('base64url'), vector.proof, vector.name);
    assert.equal(Buffer.from(proofHash).toString('base64url'), vector.proofHash, vector.name);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const bytes = await decrypter.decrypt(new Uint8Array(Buffer.from(vector.content, 'base64')));
    assert.equal(Buffer.from(bytes).toString('utf8'), vector.text, vector.name);
  }
  const { envelopes, rewrapped, receipts, passphrases } = frozen;
  return [envelopes, rewrapped, receipts, passphrases, sealed].map((list) => list.length);
}

const counts = await checkEverything(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(counts));
