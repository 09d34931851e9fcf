import { paths } from '../../config/paths';
import { urls } from '../api/urls';

/** Browsers drop tabs and line ends from URLs, and treat a backslash as a slash. */
const ODD = /[\\\u0000-\u0020\u007f]/;

/** @returns a path of this portal, with query and fragment; undefined when the text leads anywhere else */
export function localPath(raw: string | null | undefined): string | undefined {
  if (!raw?.startsWith('/') || raw.startsWith('//') || ODD.test(raw)) return undefined;
  if (!URL.canParse(raw, location.origin)) return undefined;
  const { origin, pathname, search, hash } = new URL(raw, location.origin);
  return origin === location.origin && !pathname.startsWith('//') ? pathname + search + hash : undefined;
}

const query = (returnTo: string) => `?${new URLSearchParams({ returnTo }).toString()}`;

/** The page that offers the ways to sign in. @param returnTo path to return to; a fragment is dropped */
export const signInPage = (returnTo: string): string => `${paths.login}${query(withoutFragment(returnTo))}`;

/**
 * The URL that redirects to the provider. @param returnTo as above @param other the provider asks for the
 * account
 */
export const providerAddress = (returnTo: string, other = false): string =>
  `${urls.signIn()}${query(withoutFragment(returnTo))}${other ? '&other' : ''}`;

/** It may be the key of a link, which no server may see. */
const withoutFragment = (path: string): string => path.replace(/#.*/s, '');
