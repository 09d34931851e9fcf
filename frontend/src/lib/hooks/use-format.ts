import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  formatBytes,
  formatDuration,
  formatMoment,
  formatMoments,
  formatRoughly,
  formatSecond,
  regional,
} from '../format';

/** Formatters bound to the language of the page. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = regional(i18n.language);
  return useMemo(
    () => ({
      bytes: (value: number) => formatBytes(value, language),
      duration: (seconds: number) => formatDuration(seconds, language),
      roughly: (seconds: number) => formatRoughly(seconds, language),
      moment: (at: string | number) => formatMoment(at, language),
      second: (at: string | number) => formatSecond(at, language),
      moments: (from: string, to: string) => formatMoments(from, to, language),
      list: (items: readonly string[]) =>
        new Intl.ListFormat(language, { type: 'conjunction' }).format(items),
      number: (value: number) => new Intl.NumberFormat(language).format(value),
    }),
    [language],
  );
}
