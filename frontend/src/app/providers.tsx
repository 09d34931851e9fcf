import type { i18n as I18n } from 'i18next';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ApiProvider } from '../lib/api/api-context';
import type { ApiClient } from '../lib/api/client';
import { SessionProvider } from '../lib/session/session-context';

interface AppProvidersProps {
  i18n: I18n;
  api?: ApiClient;
  /** Replaces the browser's navigation, for tests. */
  leave?: (address: string) => void;
  children: ReactNode;
}

export function AppProviders({ i18n, api, leave, children }: AppProvidersProps) {
  return (
    <I18nextProvider i18n={i18n}>
      <ApiProvider {...(api ? { client: api } : {})}>
        <SessionProvider {...(leave ? { leave } : {})}>{children}</SessionProvider>
      </ApiProvider>
    </I18nextProvider>
  );
}
