/** @jest-environment node */
import { base64, base64urlnopad } from '@scure/base';
import { deriveFromLinkKey } from './derive';
import { formatLinkKey, parseLinkKey } from './link-key';
import { open, recipientOf, seal, SealDamagedError } from './seal';
import { sealedSize, unsealedSize } from './sealed-size';
import vectors from './vectors.json' with { type: 'json' };

const key = (fill: number) => new Uint8Array(32).fill(fill);
const identityOf = async (linkKey: Uint8Array, passphrase?: string) =>
  (await deriveFromLinkKey(linkKey, passphrase)).identity;

describe('the frozen vectors', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    'derives and opens: %s',
    async (_name, v) => {
      const linkKey = base64urlnopad.decode(v.linkKey);
      const keys = await deriveFromLinkKey(linkKey, v.passphrase ?? undefined);
      expect(keys).toEqual({ identity: v.identity, proof: v.proof, proofHash: v.proofHash });
      expect(await recipientOf(keys.identity)).toBe(v.recipient);
      expect(await open(v.content, keys)).toBe(v.text);
    },
  );
});

describe('sealing', () => {
  it.each([
    ['nothing', ''],
    ['a byte order mark at the start', '\ufeffBOM'],
    ['NUL and other controls', 'a\u0000b\u001b[31m\r\n\r'],
    ['emoji and combining characters', '👩🏽‍🚀 e\u0301 \u00e9 שלום'],
    ['256 KiB', 'ä'.repeat(131_072)],
  ])('gives back exactly the same text: %s', async (_name, text) => {
    const { contentBase64, proofHash } = await seal(text, key(1));
    const keys = await deriveFromLinkKey(key(1));
    expect(await open(contentBase64, keys)).toBe(text);
    expect(proofHash).toBe(keys.proofHash);
  });

  it('makes a plain age v1 file of a computed size', async () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072]) {
      const file = base64.decode((await seal('x'.repeat(length), key(2))).contentBase64);
      expect(new TextDecoder().decode(file.subarray(0, 32))).toBe('age-encryption.org/v1\n-> X25519 ');
      expect(file.length).toBe(sealedSize(length));
      expect(unsealedSize(file.length)).toBe(length);
    }
  });

  it('never seals twice to the same bytes', async () => {
    const [one, two] = await Promise.all([seal('same', key(3)), seal('same', key(3))]);
    expect(one.contentBase64).not.toBe(two.contentBase64);
  });

  it('opens with no other link', async () => {
    const { contentBase64 } = await seal('secret', key(4));
    const identity = await identityOf(key(5));
    await expect(open(contentBase64, { identity })).rejects.toThrow(SealDamagedError);
  });

  it('reports every flipped byte as damage', async () => {
    const file = base64.decode((await seal('secret', key(6))).contentBase64);
    const identity = await identityOf(key(6));
    for (const at of [0, 30, 60, 120, 170, file.length - 20, file.length - 1]) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(open(base64.encode(changed), { identity })).rejects.toThrow(SealDamagedError);
    }
  });

  it('refuses half a character', async () => {
    await expect(seal('\ud800', key(7))).rejects.toThrow(RangeError);
  });
});

describe('the passphrase', () => {
  it('opens however its accents were typed, and with nothing else', async () => {
    const composed = await deriveFromLinkKey(key(8), 'caf\u00e9');
    const decomposed = await deriveFromLinkKey(key(8), 'cafe\u0301');
    expect(decomposed).toEqual(composed);
    expect((await deriveFromLinkKey(key(8), 'cafe')).proof).not.toBe(composed.proof);
    expect((await deriveFromLinkKey(key(8))).proof).not.toBe(composed.proof);
  });

  it('reports the progress of the derivation', async () => {
    const seen: number[] = [];
    await deriveFromLinkKey(key(9), 'x', (done) => seen.push(done));
    expect(seen.at(-1)).toBe(1);
  });
});

describe('the link key', () => {
  it('survives the link, and the full stop that a chat program added', () => {
    const text = formatLinkKey(key(10));
    expect(text).toHaveLength(43);
    expect(parseLinkKey(`#${text}`)).toEqual(key(10));
    expect(parseLinkKey(`#${text}.`)).toEqual(key(10));
  });

  it.each(['', '#', '#short', `#${'A'.repeat(42)}`, `#${'A'.repeat(44)}`, `#${'A'.repeat(42)}*`])(
    'recognises a link that was cut off: %s',
    (fragment) => expect(parseLinkKey(fragment)).toBeUndefined(),
  );

  it('refuses to derive from another length', async () => {
    await expect(deriveFromLinkKey(new Uint8Array(31))).rejects.toThrow(RangeError);
  });
});
