import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Waiting } from '../../../components/ui/waiting';
import { preloadChunks } from '../../../lib/chunks';
import { loadSeal } from '../../../lib/seal/load-seal';
import { useUnsaved } from '../../../lib/unsaved';
import { usePolicy } from '../api/get-policy';
import type { Draft } from '../create.model';
import { useSealing } from '../hooks/use-sealing';
import { useUpload } from '../hooks/use-upload';
import { loadUpload } from '../upload/load-upload';
import { ComposePage } from './compose-page';
import { HandedOverPage } from './handed-over-page';

const SendingPage = lazy(async () => ({ default: (await loadUpload()).SendingPage }));
const InterruptedPage = lazy(async () => ({ default: (await loadUpload()).InterruptedPage }));

const EMPTY = { text: '', files: [], maxViews: 1, passphrase: '', recipients: '', sealed: true };

/** Compose, seal, hand over. The draft is kept here, above everything that can fail. */
export function CreatePage() {
  const { t } = useTranslation('create');
  const policy = usePolicy();
  const [changes, setChanges] = useState<Partial<Draft>>({});
  const forget = () => setChanges({});
  const { sealing, send, startAgain } = useSealing(forget);
  const upload = useUpload(forget);
  const { uploading } = upload;
  const draft: Draft = { ...EMPTY, ttlSeconds: policy.secretTtlDefaultSeconds, ...changes };
  const typed = draft.text + draft.passphrase + draft.recipients;
  useUnsaved(typed !== '' || draft.files.length > 0);
  // A page from before an upgrade of the server can still seal and send its draft.
  useEffect(() => preloadChunks(loadSeal, loadUpload), []);

  if (sealing.step === 'handedOver') return <HandedOverPage result={sealing.result} onAgain={startAgain} />;
  if (uploading.step === 'handedOver')
    return <HandedOverPage result={uploading.result} onAgain={upload.startAgain} />;
  if (uploading.step === 'running' || uploading.step === 'interrupted') {
    return (
      <Suspense fallback={<Waiting label={t('upload.loading')} />}>
        {uploading.step === 'running' ? (
          <SendingPage state={uploading.state} run={uploading.run} files={uploading.names} />
        ) : (
          <InterruptedPage
            pending={uploading.pending}
            problem={uploading.problem}
            onGoOn={(files) => upload.goOn(uploading.pending, files)}
            onDiscard={() => upload.discard(uploading.pending)}
          />
        )}
      </Suspense>
    );
  }
  const idle = uploading.step === 'idle';
  return (
    <ComposePage
      draft={draft}
      policy={policy}
      busy={!idle || sealing.step === 'sealing'}
      progress={sealing.step === 'sealing' ? sealing.progress : undefined}
      problem={
        sealing.step === 'writing' ? (sealing.problem ?? (idle ? uploading.problem : undefined)) : undefined
      }
      onChange={(change) => setChanges((before) => ({ ...before, ...change }))}
      onSeal={() => (draft.files.length > 0 ? upload.send(draft) : void send(draft))}
    />
  );
}
