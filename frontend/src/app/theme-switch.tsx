import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../components/ui/segments';
import { applyTheme, rememberedTheme, type Theme, THEMES } from '../lib/theme';

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeSwitch() {
  const { t } = useTranslation('common');
  const [theme, setTheme] = useState<Theme>(rememberedTheme);
  return (
    <Segments
      legend={t('theme.legend')}
      value={theme}
      onChange={(next) => {
        applyTheme(next);
        setTheme(next);
      }}
      options={THEMES.map((value) => {
        const Icon = icons[value];
        return { value, name: t(`theme.${value}`), face: <Icon size={16} aria-hidden /> };
      })}
    />
  );
}
