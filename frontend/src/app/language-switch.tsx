import { type Language, LANGUAGES } from '@burnbag/contract';
import { useTranslation } from 'react-i18next';
import { Segments } from '../components/ui/segments';
import { changeLanguage } from '../lib/i18n';

/** A language is called by its own name, whatever the page speaks. */
const names: Record<Language, string> = { en: 'English', de: 'Deutsch' };

export function LanguageSwitch() {
  const { t, i18n } = useTranslation('common');
  return (
    <Segments
      legend={t('language')}
      value={i18n.language as Language}
      onChange={(next) => void changeLanguage(i18n, next)}
      options={LANGUAGES.map((value) => ({ value, name: names[value], face: value.toUpperCase() }))}
    />
  );
}
