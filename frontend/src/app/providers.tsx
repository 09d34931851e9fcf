import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { i18n as I18n } from 'i18next';
import { type ReactNode, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ApiProvider } from '../lib/api/api-context';
import type { ApiClient } from '../lib/api/client';

/** Nothing is asked for twice by itself: each request is the reader's own act. */
const createQueryClient = () =>
  new QueryClient({
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

interface AppProvidersProps {
  i18n: I18n;
  api?: ApiClient;
  children: ReactNode;
}

export function AppProviders({ i18n, api, children }: AppProvidersProps) {
  const [queries] = useState(createQueryClient);
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <ApiProvider {...(api ? { client: api } : {})}>{children}</ApiProvider>
      </QueryClientProvider>
    </I18nextProvider>
  );
}
