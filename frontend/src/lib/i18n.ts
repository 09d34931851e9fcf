import { DEFAULT_LANGUAGE, type Language } from '@burnbag/contract';
import { type BackendModule, createInstance, type i18n as I18n, type ResourceKey } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { bundles, type Namespace } from '../locales/bundles';
import { loadChunk } from './chunks';
import { detectLanguage, knownLanguage, rememberLanguage } from './language';

/** Fetches a part of the texts when a page first needs it. */
const lazyTexts: BackendModule = {
  type: 'backend',
  init: () => undefined,
  async read(language: string, namespace: string) {
    const parts = bundles[knownLanguage(language) ?? DEFAULT_LANGUAGE];
    if (!(namespace in parts)) throw new Error(`no texts called ${namespace}`);
    const { default: texts } = await loadChunk<{ default: object }>(parts[namespace as Namespace]);
    return texts as ResourceKey;
  },
};

/** Changes the language of the page and remembers it. Without its texts the language stays as it is. */
export async function changeLanguage(i18n: I18n, language: Language): Promise<void> {
  const failure = await new Promise((resolve) => void i18n.loadLanguages(language, resolve));
  if (failure) return;
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  rememberLanguage(language);
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
  // The shells are drawn where there is no document.
  if (typeof document !== 'undefined') document.documentElement.lang = language;
  return i18n;
}
