import type { Policy } from '@burnbag/contract';
import { type ReactNode, useRef } from 'react';
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import { useKeyDown } from '../../../lib/hooks/use-key-down';
import { useFormat } from '../../../lib/hooks/use-format';
import type { Draft, Faults, Panel } from '../create.model';
import { recipientsIn } from '../recipients';
import styles from './choice-sentence.module.css';
import { ExpiryPanel } from './expiry-panel';
import { LockPanel } from './lock-panel';
import { PassphrasePanel } from './passphrase-panel';
import { RecipientsPanel } from './recipients-panel';
import { ViewsPanel } from './views-panel';

interface WordProps {
  name: Panel;
  open: Panel | undefined;
  fault?: boolean;
  onToggle: (name: Panel) => void;
  children?: ReactNode;
}

/** A changeable word of the sentence. */
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

/**
 * "Opens once, within 1 day, no passphrase." Each choice is a word; one can be open at a time. Settings of
 * the administrator are not choices.
 */
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
  const named = recipientsIn(draft.recipients);
  const noPassphrase = policy.passphraseRequired ? 'passphrase.needed' : 'passphrase.none';

  return (
    <div ref={sentence} className={styles['choices']}>
      <p className={styles['sentence']}>
        <Trans
          t={t}
          i18nKey={policy.recipientsAllowed ? 'sentenceFor' : 'sentence'}
          values={{
            views: whole(draft.maxViews) ? t('views.times', { count: draft.maxViews }) : t('views.unset'),
            expiry: whole(draft.ttlSeconds) ? format.duration(draft.ttlSeconds) : t('expiry.unset'),
            passphrase: t(draft.passphrase === '' ? noPassphrase : 'passphrase.some'),
            recipients: forWhom(named, policy, t),
          }}
          components={{
            views:
              policy.maxViews > 1 ? (
                <Word {...word} name="views" fault={Boolean(faults.views)} />
              ) : (
                <strong />
              ),
            recipients: <Word {...word} name="recipients" fault={Boolean(faults.recipients)} />,
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
          components={{ lock: policy.sealedRequired ? <strong /> : <Word {...word} name="lock" /> }}
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
        {panel === 'recipients' && (
          <RecipientsPanel
            value={draft.recipients}
            fault={faults.recipients}
            most={policy.recipientsMax}
            optional={!policy.recipientsRequired}
            onChange={(recipients) => onChange({ recipients })}
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

/** "for anyone with the link", or "only for alice@corp.example and 2 others". */
function forWhom([first, ...others]: readonly string[], policy: Policy, t: TFunction<'create'>): string {
  if (first === undefined) return t(policy.recipientsRequired ? 'recipients.needed' : 'recipients.anyone');
  return others.length === 0
    ? t('recipients.one', { address: first })
    : t('recipients.more', { address: first, count: others.length });
}
