import { type BackendModule, createInstance, type i18n as I18n, type ResourceKey } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { bundles } from '../locales/bundles';
import { localStore } from './storage';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
/** One part of the texts: what all pages share, or what one page says. */
export type Namespace = keyof (typeof bundles)['en'];

const KEY = 'burnbag.language';

const known = (tag: string | undefined): Language | undefined =>
  LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);

/** The remembered language, else the first one that the browser asks for and we have, else English. */
export function detectLanguage(wanted: readonly string[] = navigator.languages ?? []): Language {
  return known(localStore.get(KEY)) ?? wanted.map(known).find(Boolean) ?? 'en';
}

/** Fetches a part of the texts when a page first needs it. */
const lazyTexts: BackendModule = {
  type: 'backend',
  init: () => undefined,
  async read(language: string, namespace: string) {
    const parts = bundles[known(language) ?? 'en'];
    if (!(namespace in parts)) throw new Error(`no texts called ${namespace}`);
    const { default: texts } = await parts[namespace as Namespace]();
    return texts as ResourceKey;
  },
};

/** Changes the language of the page and remembers it. */
export async function changeLanguage(i18n: I18n, language: Language): Promise<void> {
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  localStore.set(KEY, language);
}

/**
 * @param namespace the part that the first page needs, so that it does not wait twice
 * @returns a ready translator; other parts and the other language are fetched when they are asked for
 */
export async function createI18n(
  language: Language = detectLanguage(),
  namespace: Namespace = 'common',
): Promise<I18n> {
  const i18n = createInstance();
  await i18n
    .use(lazyTexts)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      load: 'currentOnly',
      ns: [...new Set<Namespace>(['common', namespace])],
      defaultNS: 'common',
      // React escapes; twice would show &amp; to the reader.
      interpolation: { escapeValue: false },
    });
  document.documentElement.lang = language;
  return i18n;
}
