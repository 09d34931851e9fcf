import type { Language } from '@burnbag/contract';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { App } from '../app/app';
import { createApiClient } from '../lib/api/client';
import { createI18n } from '../lib/i18n';
import type { FakeServer } from './fake-server';

/**
 * Opens the whole app at an address, in a router in memory, against a server in memory. `place` tells where it is, and
 * where the browser was led away to.
 */
export async function openPage(address: string, server: FakeServer, language: Language = 'en') {
  const place: { address: string; left?: string } = { address };
  function Watch() {
    const { pathname, search, hash } = useLocation();
    place.address = pathname + search + hash;
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
  const leave = (left: string) => void (place.left = left);
  const api = createApiClient(server.adapter);
  const page = render(<App i18n={i18n} router={router} api={api} leave={leave} />);
  return { user, page, place };
}
