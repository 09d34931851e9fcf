import { hkdfSync, randomBytes } from 'node:crypto';
import { keyFingerprints } from './key-check.js';
import { Keyring } from './keyring.js';

const [first, second] = [randomBytes(32), randomBytes(32)];
const keyring = Keyring.of(1, first).add(2, second);

describe('key fingerprints', () => {
  it('are 16 derived bytes for each key that is held, none for a destroyed one', () => {
    const fingerprints = keyFingerprints(keyring.add(3, randomBytes(32)).destroy(3));
    expect([...fingerprints.keys()]).toEqual([1, 2]);
    const expected = Buffer.from(hkdfSync('sha256', first, '', 'burnbag/key-check/v1', 16));
    expect(fingerprints.get(1)?.equals(expected)).toBe(true);
  });
});
