import type { i18n as I18n } from 'i18next';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ApiProvider } from '../lib/api/api-context';
import type { ApiClient } from '../lib/api/client';

interface AppProvidersProps {
  i18n: I18n;
  api?: ApiClient;
  children: ReactNode;
}

export function AppProviders({ i18n, api, children }: AppProvidersProps) {
  return (
    <I18nextProvider i18n={i18n}>
      <ApiProvider {...(api ? { client: api } : {})}>{children}</ApiProvider>
    </I18nextProvider>
  );
}
