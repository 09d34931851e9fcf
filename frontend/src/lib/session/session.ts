import type { LocalSignIn, Person, Session, SignedOut } from '@burnbag/contract';

import type { ApiClient } from '../api/client';
import { urls } from '../api/urls';

/** @throws ApiError */
export async function fetchSession(api: ApiClient): Promise<Session> {
  const { data } = await api.get<Session>(urls.session());
  return data;
}

/** Signs the local administrator in. @throws ApiError */
export async function signInLocally(api: ApiClient, username: string, password: string): Promise<Session> {
  const { data } = await api.post<Session>(urls.localSignIn(), { username, password } satisfies LocalSignIn);
  return data;
}

/** Ends the session. @returns where the provider ends its own; undefined when there is none @throws ApiError */
export async function endSession(api: ApiClient): Promise<string | undefined> {
  const { data } = await api.post<SignedOut>(urls.logout());
  return data.logoutUrl ?? undefined;
}

export const personOf = (session: Session | undefined): Person | undefined =>
  session?.principal.kind === 'person' ? session.principal : undefined;

/** Display name of a person: the name, else the e-mail address, else the provider's name for them. */
export const callName = ({ name, email, subject }: Person): string => name ?? email ?? subject;
