import { type ComponentProps, createElement } from 'react';
import { loadChunk } from '../../lib/chunks';
import type { OpenedFilesPage } from './components/opened-files-page';

let page: typeof OpenedFilesPage | undefined;

/**
 * Fetches the page that saves files, and the code of downloads, once: only readers of files need it.
 * @throws ApiError `network` or `app_outdated`
 */
export async function loadFilesPage(): Promise<void> {
  page ??= (await loadChunk(() => import('./components/opened-files-page'))).OpenedFilesPage;
}

/** The page that saves files. It is loaded before anything is opened, so that it appears in one step. */
export const FilesPage = (props: ComponentProps<typeof OpenedFilesPage>) =>
  page ? createElement(page, props) : null;
