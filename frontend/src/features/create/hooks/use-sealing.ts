import { useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import { type Problem, problemOf } from '../../../lib/api/problem';
import { createSecret } from '../api/create-secret';
import type { Draft, HandedOver } from '../create.model';

export type Sealing =
  | { step: 'writing'; problem?: Problem }
  | { step: 'sealing'; progress?: number }
  | { step: 'handedOver'; result: HandedOver };

/** Sends a draft. A failure keeps it: the draft belongs to the page, and is never cached. */
export function useSealing(onHandedOver: () => void) {
  const api = useApi();
  const [sealing, setSealing] = useState<Sealing>({ step: 'writing' });

  const send = async (draft: Draft) => {
    setSealing({ step: 'sealing' });
    const progress = (done: number) => setSealing({ step: 'sealing', progress: done });
    try {
      const result = await createSecret(api, draft, draft.passphrase ? progress : undefined);
      onHandedOver();
      setSealing({ step: 'handedOver', result });
    } catch (error) {
      setSealing({ step: 'writing', problem: problemOf(error) });
    }
  };

  return { sealing, send, startAgain: () => setSealing({ step: 'writing' }) };
}
