import { useState } from 'react';
import { HandedOverPage } from './handed-over-page';
import { usePolicy } from '../api/get-policy';
import type { Draft } from '../create.model';
import { useSealing } from '../hooks/use-sealing';
import { ComposePage } from './compose-page';

const EMPTY = { text: '', maxViews: 1, passphrase: '', sealed: true };

/** Write, seal, hand over. The draft lives here, above everything that can fail. */
export function CreatePage() {
  const policy = usePolicy();
  const [changes, setChanges] = useState<Partial<Draft>>({});
  const { sealing, send, startAgain } = useSealing(() => setChanges({}));
  const draft: Draft = { ...EMPTY, ttlSeconds: policy.secretTtlDefaultSeconds, ...changes };

  if (sealing.step === 'handedOver') return <HandedOverPage result={sealing.result} onAgain={startAgain} />;
  return (
    <ComposePage
      draft={draft}
      policy={policy}
      sealing={sealing}
      onChange={(change) => setChanges((before) => ({ ...before, ...change }))}
      onSeal={() => void send(draft)}
    />
  );
}
