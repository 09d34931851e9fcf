import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { App } from '../app/app';
import { createApiClient } from '../lib/api/client';
import { createI18n } from '../lib/i18n';
import type { Language } from '../lib/language';
import type { FakeServer } from './fake-server';

/** Opens the whole app at an address, in a router in memory, against a server in memory. */
export async function openPage(address: string, server: FakeServer, language: Language = 'en') {
  const place = { address };
  function Watch() {
    const { pathname, hash } = useLocation();
    place.address = pathname + hash;
    return null;
  }
  const router = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[address]}>
      <Watch />
      {children}
    </MemoryRouter>
  );
  const user = userEvent.setup();
  const i18n = await createI18n(language);
  const page = render(<App i18n={i18n} router={router} api={createApiClient(server.adapter)} />);
  return { user, page, place };
}
