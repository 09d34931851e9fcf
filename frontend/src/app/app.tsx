import type { i18n as I18n } from 'i18next';
import type { ComponentType, ReactNode } from 'react';
import type { ApiClient } from '../lib/api/client';
import { AppProviders } from './providers';
import { LeaveQuestion } from './leave-question';
import { AppRoutes } from './router';
import { Shell } from './shell';

interface AppProps {
  i18n: I18n;
  /** The kind of router: the browser's, or one in memory for tests. */
  router: ComponentType<{ children: ReactNode }>;
  api?: ApiClient;
  leave?: (address: string) => void;
}

export function App({ i18n, router: Router, api, leave }: AppProps) {
  return (
    <AppProviders i18n={i18n} {...(api ? { api } : {})} {...(leave ? { leave } : {})}>
      <Router>
        <Shell>
          <AppRoutes />
        </Shell>
        <LeaveQuestion />
      </Router>
    </AppProviders>
  );
}
