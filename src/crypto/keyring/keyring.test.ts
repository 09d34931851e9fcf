import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { InvalidLengthError, KeyringError, UnknownKeyError } from '../crypto.errors.js';
import { KeyEncryptionKey, Keyring, MAX_KEK_ID } from './keyring.js';

const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;

describe('a keyring', () => {
  it('lives from its first key through two rotations to the end of the oldest key', () => {
    const born = Keyring.of(1, first);
    expect(born.primary.id).toBe(1);
    expect(born.stateOf(1)).toBe('primary');
    expect(born.stateOf(2)).toBeUndefined();

    const added = born.add(2, second);
    expect(born.ids).toEqual([1]);
    expect(added.ids).toEqual([1, 2]);
    expect(added.stateOf(2)).toBe('decrypt-only');
    expect(added.add(2, second)).toBe(added);
    expect(() => added.add(2, third)).toThrow(KeyringError);

    const rotated = added.promote(2);
    expect(added.primary.id).toBe(1);
    expect(rotated.primary.id).toBe(2);
    expect(rotated.promote(2)).toBe(rotated);
    expect(rotated.stateOf(1)).toBe('decrypt-only');
    expect(rotated.get(1).equals(first)).toBe(true);
    expect(() => rotated.destroy(2)).toThrow(KeyringError);
    expect(() => rotated.promote(3)).toThrow(UnknownKeyError);

    const again = rotated.add(3, third).promote(3).destroy(1);
    expect(again.ids).toEqual([2, 3]);
    expect(again.stateOf(1)).toBe('destroyed');
    expect(again.destroy(1)).toBe(again);
    expect(() => again.get(1)).toThrow(UnknownKeyError);
    expect(() => again.promote(1)).toThrow(UnknownKeyError);
    expect(() => again.add(1, first)).toThrow(KeyringError);
    expect(rotated.get(1).equals(first)).toBe(true);
  });

  it('reports whether a missing key was destroyed', () => {
    const keyring = Keyring.of(9, first).destroy(4);
    const missing = (id: number) => {
      try {
        return keyring.get(id);
      } catch (error) {
        return error;
      }
    };
    expect(missing(5)).toMatchObject({ kekId: 5, destroyed: false });
    expect(missing(4)).toMatchObject({ kekId: 4, destroyed: true });
  });

  it.each([0, -1, 1.5, Number.NaN, MAX_KEK_ID + 1])('refuses the id %p', (id) => {
    expect(() => Keyring.of(id, first)).toThrow(KeyringError);
  });

  it('takes the largest id', () => {
    expect(Keyring.of(MAX_KEK_ID, first).ids).toEqual([MAX_KEK_ID]);
  });

  it.each([0, 16, 31, 33])('refuses a key of %i bytes', (length) => {
    expect(() => Keyring.of(1, randomBytes(length))).toThrow(InvalidLengthError);
  });

  it.each([0x00, 0x61, 0xff])('refuses a key that repeats the byte %i', (byte) => {
    expect(() => Keyring.of(1, Buffer.alloc(32, byte))).toThrow(KeyringError);
  });

  it('keeps its own copy of a key, and never prints it', () => {
    const bytes = Buffer.from(first);
    const keyring = Keyring.of(1, bytes);
    bytes.fill(7);
    expect(keyring.primary.equals(first)).toBe(true);
    const shown = inspect(keyring, { depth: 10, showHidden: true }) + JSON.stringify(keyring.primary);
    for (const encoding of ['hex', 'base64', 'latin1'] as const)
      expect(shown).not.toContain(first.toString(encoding));
  });

  it('derives one subkey for each purpose, never the key itself', () => {
    const key = new KeyEncryptionKey(1, first);
    expect(key.derive('a', 32)).toEqual(key.derive('a', 32));
    expect(key.derive('a', 32)).not.toEqual(key.derive('b', 32));
    expect(key.derive('a', 32).equals(first)).toBe(false);
  });
});
