import { type ReactNode, useCallback } from 'react';
import type { Problem } from '../api/problem';
import { QueryProvider } from '../api/query-provider';
import { useSession } from './session-context';

/** The cache for pages of signed-in people: after a refusal the page reads the session again. */
export function PeopleQueries({ children }: { children: ReactNode }) {
  const { ask } = useSession();
  const onProblem = useCallback(
    ({ code }: Problem) => {
      if (code === 'sign_in_required' || code === 'forbidden') void ask();
    },
    [ask],
  );
  return <QueryProvider onProblem={onProblem}>{children}</QueryProvider>;
}
