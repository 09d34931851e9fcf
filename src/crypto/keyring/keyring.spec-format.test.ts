import { randomBytes } from 'node:crypto';
import { KeySourceError } from '../crypto.errors.js';
import { formatKey, parseKeyring } from './keyring.spec-format.js';

const key = Buffer.from('fbefbeff0102030405060708090a0b0c0d0e0f101112131415161718fffefdfc', 'hex');
const standard = key.toString('base64');

const messageOf = (spec: string): string => {
  try {
    parseKeyring(spec);
  } catch (error) {
    if (error instanceof KeySourceError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('BURNBAG_KEYS', () => {
  it('makes the last listed key the primary, whatever its id', () => {
    const keyring = parseKeyring(`7:${standard},2:${randomBytes(32).toString('base64')}`);
    expect(keyring.primary.id).toBe(2);
    expect(keyring.ids).toEqual([2, 7]);
    expect(keyring.get(7).equals(key)).toBe(true);
  });

  it.each([standard, standard.replace('=', ''), key.toString('base64url'), `${key.toString('base64url')}=`])(
    'reads one key in the spelling %s',
    (spelling) => expect(parseKeyring(`1:${spelling}`).primary.equals(key)).toBe(true),
  );

  it('accepts lines, comments and blank space in a key file', () => {
    const other = formatKey(4294967295, randomBytes(32));
    const keyring = parseKeyring(`# made in March\n1:${standard} # old\r\n\n  ${other} ,\n`);
    expect(keyring.primary.id).toBe(4294967295);
    expect(keyring.ids).toEqual([1, 4294967295]);
  });

  it('keeps the id of a destroyed key taken', () => {
    const keyring = parseKeyring(`1:destroyed,2:${standard}`);
    expect(keyring.stateOf(1)).toBe('destroyed');
    expect(messageOf(`2:${standard},1:destroyed`)).toMatch(/last entry is the primary/);
  });

  const url = key.toString('base64url');
  it.each([
    ['', /has no key/],
    [' ,\n# 1:abc', /has no key/],
    [standard, /entry 1 must be <id>:<base64>/],
    [`0:${standard}`, /entry 1 must be .* from 1/],
    [`4294967296:${standard}`, /entry 1 must be/],
    [`-1:${standard}`, /entry 1 must be/],
    [`1.5:${standard}`, /entry 1 must be/],
    [`${standard}:1`, /entry 1 must be/],
    [`1:${standard},1:${standard}`, /entry 2 repeats key id 1/],
    [`1:${standard},01:${url}`, /entry 2 repeats key id 1/],
    [`2:${standard},3:${standard.slice(4)}`, /entry 2 \(key 3\) is not 32 bytes of base64/],
    [`1:${standard}AAAA`, /entry 1 \(key 1\)/],
    [`1:${standard.slice(0, -2)}!=`, /entry 1 \(key 1\)/],
    [`1:${standard.slice(0, 20)} ${standard.slice(20)}`, /entry 1 \(key 1\)/],
    [`1:-${standard.slice(1)}`, /entry 1 \(key 1\)/],
    // Stray bits after the last whole byte: one key must not have two spellings.
    [`1:${url.slice(0, -1)}${String.fromCharCode(url.charCodeAt(42) + 1)}`, /entry 1 \(key 1\)/],
    [`1:${Buffer.alloc(32).toString('base64')}`, /key 1 repeats one byte/],
    [`1:${Buffer.alloc(32, 0x41).toString('base64')}`, /key 1 repeats one byte/],
  ])('refuses %p by naming the entry', (spec, message) => expect(messageOf(spec)).toMatch(message));

  it('never repeats what may be a key', () => {
    for (const spec of [standard, `${standard}:1`, `1:${standard}x`, `1:${standard},1:${standard}`]) {
      const message = messageOf(spec);
      for (let at = 0; at + 6 <= 43; at++) expect(message).not.toContain(standard.slice(at, at + 6));
    }
  });
});
