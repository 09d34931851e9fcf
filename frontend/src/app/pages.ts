import { matchPath } from 'react-router';
import { paths } from '../config/paths';
import type { Namespace } from '../lib/i18n';

/** The code of each page, fetched once. */
export const pages = {
  create: () => import('./routes/create.route'),
  reveal: () => import('./routes/reveal.route'),
  receipt: () => import('./routes/receipt.route'),
} as const;

/**
 * Starts to fetch the code of the page at an address, while its texts are on their way too.
 * @returns the part of the texts that this page needs
 */
export function preloadPage(pathname: string): Namespace {
  const names = Object.keys(pages) as (keyof typeof pages)[];
  const name = names.find((page) => matchPath(paths[page], pathname));
  // When this fails, the router tries again and tells the reader.
  if (name) pages[name]().catch(() => undefined);
  return name ?? 'common';
}
