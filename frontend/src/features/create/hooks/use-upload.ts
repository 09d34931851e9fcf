import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import { useUnsaved } from '../../../lib/unsaved';
import { discardUpload } from '../api/complete-upload';
import type { Draft, HandedOver } from '../create.model';
import { loadUpload } from '../upload/load-upload';
import { type PendingUpload, pendingUpload } from '../upload/pending-upload';
import type { UploadSource } from '../upload/upload-run';
import type { UploadProblem, UploadRun, UploadState } from '../upload/upload-state';

type Uploading =
  | { step: 'idle'; problem?: UploadProblem }
  /** The code is loading. */
  | { step: 'loading' }
  | { step: 'running'; state: UploadState; run: UploadRun; names: readonly { name: string; size: number }[] }
  /** A reload came in between; the files have to be chosen again. */
  | { step: 'interrupted'; pending: PendingUpload; problem?: UploadProblem }
  | { step: 'handedOver'; result: HandedOver };

const atFirst = (): Uploading => {
  // The shell of the page is rendered without storage.
  const pending = typeof document === 'undefined' ? undefined : pendingUpload.load();
  return pending ? { step: 'interrupted', pending } : { step: 'idle' };
};

/** Uploads files. The page keeps the draft, so that a failure loses nothing. */
export function useUpload(onHandedOver: () => void) {
  const api = useApi();
  const [uploading, setUploading] = useState(atFirst);
  const running = useRef<UploadRun>(undefined);
  useUnsaved(uploading.step === 'running');
  useEffect(() => () => running.current?.pause(), []);

  const begin = async (source: UploadSource): Promise<void> => {
    setUploading({ step: 'loading' });
    const interrupted =
      source.kind === 'again' ? { step: 'interrupted' as const, pending: source.pending } : undefined;
    try {
      const { runUpload } = await loadUpload();
      const names = source.kind === 'again' ? source.pending.files : source.draft.files;
      const show = (state: UploadState) => {
        if (running.current) setUploading({ step: 'running', state, run: running.current, names });
      };
      const run = runUpload(api, source, show);
      running.current = run;
      show({ step: 'preparing' });
      const outcome = await run.outcome;
      running.current = undefined;
      if (outcome.kind === 'handedOver') {
        onHandedOver();
        setUploading({ step: 'handedOver', result: outcome.result });
      } else if (outcome.kind === 'failed' && interrupted && pendingUpload.load()) {
        setUploading({ ...interrupted, problem: outcome.problem });
      } else {
        setUploading({ step: 'idle', ...(outcome.kind === 'failed' ? { problem: outcome.problem } : {}) });
      }
    } catch {
      // The code did not load, as without a connection.
      setUploading({ ...(interrupted ?? { step: 'idle' }), problem: { code: 'network' } });
    }
  };

  const discard = (pending: PendingUpload): void => {
    pendingUpload.clear();
    setUploading({ step: 'idle' });
    // If this request is lost, the server deletes the upload after a while.
    void discardUpload(api, pending.uploadId).catch(() => undefined);
  };

  return {
    uploading,
    send: (draft: Draft) => void begin({ kind: 'new', draft }),
    goOn: (pending: PendingUpload, files: readonly File[]) => void begin({ kind: 'again', pending, files }),
    discard,
    startAgain: () => setUploading({ step: 'idle' }),
  };
}
