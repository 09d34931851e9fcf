import { DEFAULT_LANGUAGE, type Language, LANGUAGES } from '@burnbag/contract';
import { localStore } from './storage';

/** public/first-paint.js reads the same key before the first paint, and chooses by the same rule. */
const KEY = 'burnbag.language';

export const knownLanguage = (tag: string | undefined): Language | undefined =>
  LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);

/** The remembered language, else the first one that the browser asks for and we have, else the default. */
export function detectLanguage(wanted: readonly string[] = navigator.languages ?? []): Language {
  return knownLanguage(localStore.get(KEY)) ?? wanted.map(knownLanguage).find(Boolean) ?? DEFAULT_LANGUAGE;
}

export const rememberLanguage = (language: Language): void => localStore.set(KEY, language);
