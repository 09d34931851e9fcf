import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { Notice } from '../../../components/ui/notice';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useKeyDown } from '../../../lib/hooks/use-key-down';
import type { Policy } from '../api/get-policy';
import { type Draft, type Faults, faultsOf, type Panel } from '../create.model';
import type { Sealing } from '../hooks/use-sealing';
import { problemText } from '../problem-text';
import { ChoiceSentence } from './choice-sentence';
import styles from './compose-page.module.css';
import { SecretField } from './secret-field';
import { WhoCanSee } from './who-can-see';

interface ComposePageProps {
  draft: Draft;
  policy: Policy;
  sealing: Exclude<Sealing, { step: 'handedOver' }>;
  onChange: (change: Partial<Draft>) => void;
  onSeal: () => void;
}

/** One sheet, the caret in it; a sentence of choices; one button. */
export function ComposePage({ draft, policy, sealing, onChange, onSeal }: ComposePageProps) {
  const { t } = useTranslation('create');
  useDocumentTitle(t('title'));
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const [panel, setPanel] = useState<Panel>();
  const busy = sealing.step === 'sealing';
  const faults: Faults = tried ? faultsOf(draft, policy) : {};
  const problem = sealing.step === 'writing' ? sealing.problem : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    const found = faultsOf(draft, policy);
    if (Object.keys(found).length === 0) return onSeal();
    if (found.text) form.current?.querySelector('textarea')?.focus();
    else setPanel((['views', 'expiry', 'passphrase'] as const).find((name) => found[name]));
  };
  useKeyDown(form, (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.current?.requestSubmit();
    }
  });

  return (
    <form ref={form} className={styles['compose']} onSubmit={submit} noValidate>
      <h1 className={styles['heading']}>{t('heading')}</h1>
      <SecretField
        text={draft.text}
        maxBytes={policy.secretMaxBytes}
        fault={problem?.code === 'payload_too_large' ? 'tooLong' : faults.text}
        readOnly={busy}
        onChange={(text) => {
          setTried(false);
          onChange({ text });
        }}
      />
      <ChoiceSentence
        draft={draft}
        policy={policy}
        faults={faults}
        panel={panel}
        onPanel={setPanel}
        onChange={onChange}
      />
      <WhoCanSee draft={draft} />
      {problem && problem.code !== 'payload_too_large' && (
        <Notice kind="alert">
          <p>{problemText(problem, t)}</p>
          <p>{t('problem.kept')}</p>
        </Notice>
      )}
      <div className={styles['act']}>
        <Button type="submit" look="ember" busy={busy}>
          {t('seal')}
        </Button>
        <p className={styles['hint']} role="status">
          {busy ? t(draft.passphrase ? 'sealingPassphrase' : 'sealing') : ''}
        </p>
        {busy && sealing.progress !== undefined && (
          <progress
            className={styles['progress']}
            aria-label={t('sealingPassphrase')}
            value={sealing.progress}
          />
        )}
        {!busy && <p className={styles['shortcut']}>{t('shortcut')}</p>}
      </div>
    </form>
  );
}
