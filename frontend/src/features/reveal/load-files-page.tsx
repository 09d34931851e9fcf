import { type ComponentProps, createElement } from 'react';
import { loadChunk } from '../../lib/chunks';
import type { OpenedFilesPage } from './components/opened-files-page';

let page: typeof OpenedFilesPage | undefined;

/**
 * Fetches the page that saves files, and all that downloads and opens them, once: only a reader of files needs it.
 * @throws ApiError `network` or `app_outdated`
 */
export async function loadFilesPage(): Promise<void> {
  page ??= (await loadChunk(() => import('./components/opened-files-page'))).OpenedFilesPage;
}

/** The page that saves files. It was loaded before anything was opened, so that it appears in one step. */
export const FilesPage = (props: ComponentProps<typeof OpenedFilesPage>) =>
  page ? createElement(page, props) : null;
