import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '@burnbag/contract';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { detectLanguage, rememberLanguage } from '../lib/language';
import { applyTheme } from '../lib/theme';

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const script = read('../public/first-paint.js');
const root = document.documentElement;

function firstPaint(languages: readonly string[] = ['en']) {
  const wanted = jest.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
  delete root.dataset['theme'];
  new Function(script)();
  wanted.mockRestore();
}

afterEach(() => {
  delete root.dataset['language'];
  delete root.dataset['theme'];
});

describe('before the first paint', () => {
  it.each([[['fr-FR', 'de-AT', 'en']], [['fr-FR']], [['EN-gb']], [['den', 'de']], [[]]])(
    'the language of a browser that asks for %j is the one that the app speaks',
    (languages) => {
      firstPaint(languages);
      expect(root.dataset['language']).toBe(detectLanguage(languages));
      expect(root.lang).toBe(detectLanguage(languages));
    },
  );

  it.each(LANGUAGES)('the language that was chosen, %s, is remembered', (language) => {
    rememberLanguage(language);
    firstPaint(['fr']);
    expect(root.dataset['language']).toBe(language);
  });

  it.each(['light', 'dark'] as const)('the theme that was chosen, %s, is remembered', (theme) => {
    applyTheme(theme);
    firstPaint();
    expect(root.dataset['theme']).toBe(theme);
  });

  it('the system decides where no theme was chosen, and blocked storage changes nothing', () => {
    const blocked = jest.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new Error('blocked');
    });
    firstPaint(['de']);
    blocked.mockRestore();
    expect(root.dataset['theme']).toBeUndefined();
    expect(root.dataset['language']).toBe('de');
  });

  it.each(LANGUAGES)('there are rules that show the shell in %s', (language) => {
    const rule = `[data-language='${language}'] [data-shell='${language}']`;
    expect(read('styles/base.css').split(`:root${rule}`)).toHaveLength(2);
    expect(read('styles/base.css').split(`:root[data-failed]${rule}`)).toHaveLength(2);
  });
});
