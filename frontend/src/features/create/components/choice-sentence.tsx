import { type ReactNode, useRef } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useKeyDown } from '../../../lib/hooks/use-key-down';
import { useFormat } from '../../../lib/hooks/use-format';
import type { Policy } from '../api/get-policy';
import type { Draft, Faults, Panel } from '../create.model';
import styles from './choice-sentence.module.css';
import { ExpiryPanel } from './expiry-panel';
import { LockPanel } from './lock-panel';
import { PassphrasePanel } from './passphrase-panel';
import { ViewsPanel } from './views-panel';

interface WordProps {
  name: Panel;
  open: Panel | undefined;
  fault?: boolean;
  onToggle: (name: Panel) => void;
  children?: ReactNode;
}

/** A word of the sentence that can be changed. */
function Word({ name, open, fault = false, onToggle, children }: WordProps) {
  return (
    <button
      type="button"
      className={styles['word']}
      data-fault={fault || undefined}
      data-panel={name}
      aria-expanded={open === name}
      aria-controls="choice-panel"
      onClick={() => onToggle(name)}
    >
      {children}
    </button>
  );
}

interface ChoiceSentenceProps {
  draft: Draft;
  policy: Policy;
  faults: Faults;
  panel: Panel | undefined;
  onPanel: (panel: Panel | undefined) => void;
  onChange: (change: Partial<Draft>) => void;
}

/** "Opens once, within 1 day, no passphrase." Each choice is a word; one can be open at a time. */
export function ChoiceSentence({ draft, policy, faults, panel, onPanel, onChange }: ChoiceSentenceProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  const sentence = useRef<HTMLDivElement>(null);
  const toggle = (name: Panel) => onPanel(panel === name ? undefined : name);
  const close = () => {
    sentence.current?.querySelector<HTMLElement>(`[data-panel="${panel}"]`)?.focus();
    onPanel(undefined);
  };
  useKeyDown(sentence, (event) => {
    if (event.key === 'Escape' && panel) close();
  });
  const word = { open: panel, onToggle: toggle };
  const whole = (value: number) => Number.isInteger(value) && value > 0;

  return (
    <div ref={sentence} className={styles['choices']}>
      <p className={styles['sentence']}>
        <Trans
          t={t}
          i18nKey="sentence"
          values={{
            views: whole(draft.maxViews) ? t('views.times', { count: draft.maxViews }) : t('views.unset'),
            expiry: whole(draft.ttlSeconds) ? format.duration(draft.ttlSeconds) : t('expiry.unset'),
            passphrase: t(draft.passphrase === '' ? 'passphrase.none' : 'passphrase.some'),
          }}
          components={{
            views: <Word {...word} name="views" fault={Boolean(faults.views)} />,
            expiry: <Word {...word} name="expiry" fault={Boolean(faults.expiry)} />,
            passphrase: <Word {...word} name="passphrase" fault={Boolean(faults.passphrase)} />,
          }}
        />
      </p>
      <p className={styles['lock']}>
        <Trans
          t={t}
          i18nKey="lockSentence"
          values={{ lock: t(draft.sealed ? 'lock.sealedWord' : 'lock.serverWord') }}
          components={{ lock: <Word {...word} name="lock" /> }}
        />
      </p>
      <div id="choice-panel" className={styles['panel']} hidden={!panel}>
        {panel === 'views' && (
          <ViewsPanel
            value={draft.maxViews}
            most={policy.maxViews}
            onChange={(maxViews) => onChange({ maxViews })}
          />
        )}
        {panel === 'expiry' && (
          <ExpiryPanel
            value={draft.ttlSeconds}
            most={policy.secretTtlMaxSeconds}
            onChange={(ttlSeconds) => onChange({ ttlSeconds })}
          />
        )}
        {panel === 'passphrase' && (
          <PassphrasePanel
            value={draft.passphrase}
            fault={faults.passphrase}
            most={policy.passphraseMaxCharacters}
            onChange={(passphrase) => onChange({ passphrase })}
          />
        )}
        {panel === 'lock' && <LockPanel sealed={draft.sealed} onChange={(sealed) => onChange({ sealed })} />}
      </div>
    </div>
  );
}
