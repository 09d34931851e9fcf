// Written from docs/audit.md alone, with WebCrypto: nothing is shared with src/.
const { subtle } = globalThis.crypto;

const ascii = (text) => Buffer.from(text, 'ascii');
const int = (bytes, value) => {
  const field = Buffer.alloc(8);
  field.writeBigInt64BE(BigInt(value));
  return field.subarray(8 - bytes);
};
const text = (value) => {
  if (value === null) return Buffer.from('ffffffff', 'hex');
  const utf8 = Buffer.from(value, 'utf8');
  return Buffer.concat([int(4, utf8.length), utf8]);
};

async function derive(kek, info) {
  const key = await subtle.importKey('raw', kek, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: Buffer.alloc(0), info: ascii(info) };
  return Buffer.from(await subtle.deriveBits(parameters, key, 256));
}

export const auditKey = (kek) => derive(kek, 'burnbag/audit/v1');

async function hmac(rawKey, parts) {
  const key = await subtle.importKey('raw', rawKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return Buffer.from(await subtle.sign('HMAC', key, Buffer.concat(parts))).toString('hex');
}

/** @param row columns by their names in SQL; hashes in hex, created_at in microseconds, extra_data as text */
export const rowHash = (key, row) =>
  hmac(key, [
    ascii('burnbag/audit/v1'),
    Buffer.from(row.previous_hash, 'hex'),
    int(8, row.id),
    int(2, row.bucket),
    int(8, row.sequence),
    int(8, row.key_id),
    int(8, row.created_at),
    ...['stream_id', 'ref', 'action', 'actor', 'ip_address', 'user_agent', 'extra_data'].map((name) =>
      text(row[name]),
    ),
  ]);

export const headSignature = (key, head) =>
  hmac(key, [
    ascii('burnbag/audit-head/v1'),
    int(2, head.bucket),
    int(8, head.sequence),
    Buffer.from(head.hash, 'hex'),
    int(8, head.floor_sequence),
    Buffer.from(head.floor_hash, 'hex'),
    int(8, head.key_id),
  ]);

/** Opens a row of audit_keys. @param kek the key-encryption key `wrapped_by` */
export async function unwrapKey(kek, { key_id, wrapped_by, wrapped }) {
  const bytes = Buffer.from(wrapped, 'hex');
  const key = await subtle.importKey('raw', await derive(kek, 'burnbag/audit-wrap/v1'), 'AES-GCM', false, [
    'decrypt',
  ]);
  const additionalData = Buffer.concat([
    ascii('burnbag/aad/audit-key/v1'),
    int(8, key_id),
    int(8, wrapped_by),
  ]);
  const parameters = { name: 'AES-GCM', iv: bytes.subarray(1, 13), additionalData };
  return Buffer.from(await subtle.decrypt(parameters, key, bytes.subarray(13))).toString('hex');
}
