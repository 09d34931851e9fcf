import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Keyring } from '../keyring/keyring.js';
import { ReceiptTokens } from './receipt-tokens.js';

const [key, newKey] = [randomBytes(32), randomBytes(32)];
const keyring = Keyring.of(1, key);
const receipts = new ReceiptTokens(keyring);
const receipt = { ref: randomBytes(16), createdAt: 1_790_000_000_123, expiresAt: 1_790_086_400_123 };
const token = receipts.issue(receipt);

describe('a receipt token', () => {
  it('has 66 characters that contain the reference of its secret', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{66}$/);
    expect(receipts.verify(token)).toEqual(receipt);
    expect(receipts.issue(receipt)).toBe(token);
  });

  it('carries HMAC-SHA-256 under a key derived for receipts alone', () => {
    const bytes = Buffer.from(token, 'base64url');
    const macKey = Buffer.from(hkdfSync('sha256', key, '', 'burnbag/receipt/v1', 32));
    const mac = createHmac('sha256', macKey).update(bytes.subarray(0, 33)).digest().subarray(0, 16);
    expect(bytes.subarray(33).equals(mac)).toBe(true);
  });

  it('is refused for every changed bit, length and spelling', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(receipts.verify(changed.toString('base64url'))).toBeUndefined();
    }
    for (let length = 0; length < token.length; length++) {
      expect(receipts.verify(token.slice(0, length))).toBeUndefined();
    }
    const last = token.charCodeAt(65);
    const alike = token.slice(0, 65) + String.fromCharCode(last + 1);
    expect(Buffer.from(alike, 'base64url').equals(bytes)).toBe(true);
    for (const spelling of [
      alike,
      `${token}=`,
      `${token}A`,
      ` ${token}`,
      token.toLowerCase(),
      `${token}\n`,
    ]) {
      expect(receipts.verify(spelling)).toBeUndefined();
    }
  });

  it('outlives a rotation, but not its key', () => {
    const rotated = keyring.add(2, newKey).promote(2);
    expect(new ReceiptTokens(rotated).verify(token)).toEqual(receipt);
    const reissued = new ReceiptTokens(rotated).issue(receipt);
    expect(reissued).not.toBe(token);
    expect(new ReceiptTokens(rotated.destroy(1)).verify(token)).toBeUndefined();
    expect(new ReceiptTokens(Keyring.of(1, newKey)).verify(token)).toBeUndefined();
    expect(receipts.verify(reissued)).toBeUndefined();
  });
});
