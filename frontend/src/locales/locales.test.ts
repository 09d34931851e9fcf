/** @jest-environment node */
import { describe, expect, it } from '@jest/globals';
import { literalTexts, usedKeys } from '../testing/source-texts';
import { bundles } from './bundles';

type Tree = { [key: string]: string | Tree };

const flatten = (tree: Tree, path = ''): Map<string, string> =>
  new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value] as const] : [...flatten(value, `${path}${key}.`)],
    ),
  );

async function everything(language: keyof typeof bundles): Promise<Map<string, string>> {
  const parts = Object.entries(bundles[language]).map(
    async ([name, load]) => [name, (await load()).default] as const,
  );
  return flatten(Object.fromEntries(await Promise.all(parts)));
}

const english = await everything('en');
const german = await everything('de');
const sorted = (values: Iterable<string>) => [...values].sort();
const placeholders = (text: string) => sorted(text.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? []);

describe('the languages', () => {
  it('say the same things', () => {
    expect(sorted(german.keys())).toEqual(sorted(english.keys()));
  });

  it.each([...english])('fill in the same blanks: %s', (key, text) => {
    const filled = placeholders(german.get(key) ?? '');
    // "once" needs no number in either language, but one of them may say it.
    const countless = (names: string[]) =>
      key.endsWith('_one') ? names.filter((name) => name !== '{{count}}') : names;
    expect(countless(filled)).toEqual(countless(placeholders(text)));
  });

  it('leave nothing empty and nothing untranslated by mistake', () => {
    const same = sorted(english.keys()).filter((key) => english.get(key) === german.get(key));
    expect([...english.values(), ...german.values()].filter((text) => text.trim() === '')).toEqual([]);
    // The same word in both languages.
    expect(same).toEqual([
      'admin.system.redis',
      'admin.system.s3',
      'admin.system.version',
      'create.passphrase.label',
      'login.local.name',
      'login.signedIn.name',
      'receipt.facts.passphrase',
      'reveal.passphrase.label',
    ]);
  });

  it('have both forms of every plural', () => {
    const lonely = [...english.keys()].filter(
      (key) => key.endsWith('_one') && !english.has(key.replace(/_one$/, '_other')),
    );
    expect(lonely).toEqual([]);
  });
});

describe('the code', () => {
  const exists = (key: string) =>
    english.has(key) || english.has(`${key}_one`) || english.has(`${key}_count_one`);

  it('uses no key that is missing', () => {
    const used = usedKeys();
    expect(used.length).toBeGreaterThan(100);
    const missing = used.filter(({ namespace, key, open }) => {
      const path = `${namespace}.${key}`;
      return open ? ![...english.keys()].some((known) => known.startsWith(path)) : !exists(path);
    });
    expect(missing).toEqual([]);
  });

  it('has no text that no language file uses any more', () => {
    const used = usedKeys();
    const needed = (key: string) =>
      used.some(({ namespace, key: name, open }) => {
        const path = `${namespace}.${name}`;
        return open ? key.startsWith(path) : key.replace(/(_at|_count)?(_one|_other)?$/, '') === path;
      });
    expect(sorted(english.keys()).filter((key) => !needed(key))).toEqual([]);
  });

  it('has no words of its own in the markup', () => {
    expect(literalTexts()).toEqual([]);
  });
});
