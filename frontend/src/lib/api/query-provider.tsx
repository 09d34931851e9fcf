import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Problem, problemOf } from './problem';

/** No automatic retries: each request is the reader's own act. */
function createQueryClient(onProblem?: (problem: Problem) => void) {
  const onError = (error: unknown) => onProblem?.(problemOf(error));
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always', gcTime: 0 },
    },
  });
}

interface QueryProviderProps {
  /** Called with every failed request. Must be stable. */
  onProblem?: (problem: Problem) => void;
  children: ReactNode;
}

/** The cache for server state, for pages that have some. The reveal page has none on purpose. */
export function QueryProvider({ onProblem, children }: QueryProviderProps) {
  const [queries] = useState(() => createQueryClient(onProblem));
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}
