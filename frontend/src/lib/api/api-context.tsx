import { createContext, type ReactNode, useContext } from 'react';
import { type ApiClient, createApiClient } from './client';

const ApiContext = createContext<ApiClient | undefined>(undefined);
const shared = createApiClient();

export function ApiProvider({ client = shared, children }: { client?: ApiClient; children: ReactNode }) {
  return <ApiContext value={client}>{children}</ApiContext>;
}

/** The HTTP client of this page. */
export function useApi(): ApiClient {
  const client = useContext(ApiContext);
  if (!client) throw new Error('useApi needs an ApiProvider above it');
  return client;
}
