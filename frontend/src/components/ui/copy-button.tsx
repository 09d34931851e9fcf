import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../lib/clipboard';
import { Button } from './button';
import styles from './copy-button.module.css';

const FEEDBACK_MS = 4_000;

interface CopyButtonProps {
  text: string;
  label: string;
  look?: 'plain' | 'ink';
  onCopied?: () => void;
}

/** Copies, and confirms it on the button and to screen readers. */
export function CopyButton({ text, label, look = 'plain', onCopied }: CopyButtonProps) {
  const { t } = useTranslation('common');
  const [result, setResult] = useState<'copied' | 'failed'>();

  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = async () => {
    const copied = await copyText(text);
    setResult(copied ? 'copied' : 'failed');
    if (copied) onCopied?.();
  };

  const icon = result === 'copied' ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />;
  return (
    <span className={styles['copy']}>
      <Button look={look} icon={icon} onClick={() => void copy()}>
        {label}
      </Button>
      <span role="status" className={styles['feedback']}>
        {result === 'copied' && t('copied')}
        {result === 'failed' && t('copyFailed')}
      </span>
    </span>
  );
}
