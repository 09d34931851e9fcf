import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '../../../components/ui/choice-group';

interface LockPanelProps {
  sealed: boolean;
  onChange: (sealed: boolean) => void;
}

/** Where the text is encrypted, with the consequences. */
export function LockPanel({ sealed, onChange }: LockPanelProps) {
  const { t } = useTranslation('create');
  return (
    <ChoiceGroup
      look="lines"
      legend={t('lock.legend')}
      value={sealed ? 'sealed' : 'server'}
      onChange={(value) => onChange(value === 'sealed')}
      options={[
        { value: 'sealed', label: t('lock.sealed'), hint: t('lock.sealedHint') },
        { value: 'server', label: t('lock.server'), hint: t('lock.serverHint') },
      ]}
    />
  );
}
