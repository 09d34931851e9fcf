import { localStore } from './storage';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** public/first-paint.js reads the same key before the first paint. */
const KEY = 'burnbag.theme';

export function rememberedTheme(): Theme {
  const theme = localStore.get(KEY);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Sets a theme at once and stores it; `system` removes the stored one. */
export function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') {
    delete dataset['theme'];
    localStore.remove(KEY);
  } else {
    dataset['theme'] = theme;
    localStore.set(KEY, theme);
  }
}
