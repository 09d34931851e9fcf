import i18next, { type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { localStore } from './storage';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'burnbag.language';
const bundles = {
  en: () => import('../locales/en'),
  de: () => import('../locales/de'),
} as const;

const known = (tag: string | undefined): Language | undefined =>
  LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);

/** The remembered language, else the first one that the browser asks for and we have, else English. */
export function detectLanguage(wanted: readonly string[] = navigator.languages ?? []): Language {
  return known(localStore.get(KEY)) ?? wanted.map(known).find(Boolean) ?? 'en';
}

async function load(i18n: I18n, language: Language): Promise<void> {
  if (i18n.hasResourceBundle(language, 'common')) return;
  const { default: namespaces } = await bundles[language]();
  for (const [name, texts] of Object.entries(namespaces)) i18n.addResourceBundle(language, name, texts);
}

/** Changes the language of the page and remembers it. */
export async function changeLanguage(i18n: I18n, language: Language): Promise<void> {
  await load(i18n, language);
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  localStore.set(KEY, language);
}

/** @returns a ready translator with one language loaded; the other one is fetched when it is asked for */
export async function createI18n(language: Language = detectLanguage()): Promise<I18n> {
  const i18n = i18next.createInstance();
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: ['common', 'create', 'reveal', 'receipt'],
    defaultNS: 'common',
    resources: {},
    // React escapes; twice would show &amp; to the reader.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(i18n, language);
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  return i18n;
}
