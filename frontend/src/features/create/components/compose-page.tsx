import type { Policy } from '@burnbag/contract';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button';
import { DropZone } from '../../../components/ui/drop-zone';
import { Notice } from '../../../components/ui/notice';
import { useDocumentTitle } from '../../../lib/hooks/use-document-title';
import { useFormat } from '../../../lib/hooks/use-format';
import { useKeyDown } from '../../../lib/hooks/use-key-down';
import {
  type Draft,
  type Faults,
  faultsOf,
  filesFaultOf,
  type Panel,
  textBytes,
  textRoom,
} from '../create.model';
import { type Offered, useFileDrop } from '../hooks/use-file-drop';
import { problemText } from '../problem-text';
import { loadUpload } from '../upload/load-upload';
import type { UploadProblem } from '../upload/upload-state';
import { ChoiceSentence } from './choice-sentence';
import styles from './compose-page.module.css';
import { Attachments } from './attachments';
import { SecretField } from './secret-field';
import { SignInFirst } from './sign-in-first';
import { WhoCanSee } from './who-can-see';

interface ComposePageProps {
  draft: Draft;
  policy: Policy;
  busy: boolean;
  /** Progress of the passphrase derivation, 0 to 1. */
  progress: number | undefined;
  problem: UploadProblem | undefined;
  onChange: (change: Partial<Draft>) => void;
  onSeal: () => void;
}

const alike = (one: File, other: File): boolean =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

/** One sheet with the focus in it; a sentence of choices; one button. */
export function ComposePage({ draft, policy, busy, progress, problem, onChange, onSeal }: ComposePageProps) {
  const { t } = useTranslation('create');
  const format = useFormat();
  useDocumentTitle(t('title'));
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const [panel, setPanel] = useState<Panel>();
  const [folders, setFolders] = useState(false);
  const faults: Faults = tried ? faultsOf(draft, policy) : {};
  const withFiles = draft.files.length > 0;
  const textRefused = problem?.code === 'payload_too_large' && !withFiles;

  const add = ({ files, folders: dropped }: Offered) => {
    if (busy || !policy.filesAllowed) return;
    setTried(false);
    setFolders(dropped > 0);
    const fresh = files.filter((file, at) => {
      const before = [...draft.files, ...files.slice(0, at)];
      return !before.some((other) => alike(other, file));
    });
    if (fresh.length === 0) return;
    // Usually loaded before the button is pressed; a failure is tried again then.
    void loadUpload().catch(() => undefined);
    onChange({ files: [...draft.files, ...fresh] });
  };
  const dragging = useFileDrop(add);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    const found = faultsOf(draft, policy);
    if (Object.keys(found).length === 0) return onSeal();
    if (found.text) form.current?.querySelector('textarea')?.focus();
    else setPanel((['views', 'recipients', 'expiry', 'passphrase'] as const).find((name) => found[name]));
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
        bytes={textBytes(draft)}
        maxBytes={Math.max(0, textRoom(draft, policy))}
        note={withFiles}
        fault={textRefused ? 'tooLong' : faults.text}
        readOnly={busy}
        onChange={(text) => {
          setTried(false);
          onChange({ text });
        }}
      >
        {policy.filesAllowed && (
          <Attachments
            files={draft.files}
            fault={filesFaultOf(draft, policy)}
            folders={folders}
            busy={busy}
            onAdd={(files) => add({ files, folders: 0 })}
            onRemove={(file) => {
              setFolders(false);
              onChange({ files: draft.files.filter((other) => other !== file) });
            }}
          />
        )}
      </SecretField>
      <ChoiceSentence
        draft={draft}
        policy={policy}
        faults={faults}
        panel={panel}
        onPanel={setPanel}
        onChange={onChange}
      />
      <WhoCanSee draft={draft} />
      {problem && !textRefused && (
        <Notice kind="alert">
          <p>{problemText(problem, t, format)}</p>
          <p>{t(withFiles ? 'problem.keptFiles' : 'problem.kept')}</p>
          {problem.code === 'sign_in_required' && <SignInFirst />}
        </Notice>
      )}
      <div className={styles['act']}>
        <Button type="submit" look="ember" busy={busy}>
          {t('seal')}
        </Button>
        <p className={styles['hint']} role="status">
          {busy ? t(draft.passphrase && !withFiles ? 'sealingPassphrase' : 'sealing') : ''}
        </p>
        {busy && progress !== undefined && (
          <progress className={styles['progress']} aria-label={t('sealingPassphrase')} value={progress} />
        )}
        {!busy && <p className={styles['shortcut']}>{t('shortcut')}</p>}
      </div>
      {dragging && policy.filesAllowed && <DropZone label={t('files.drop')} />}
    </form>
  );
}
