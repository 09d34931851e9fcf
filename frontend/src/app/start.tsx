import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { createI18n } from '../lib/i18n';
import { sweepLeftFiles } from '../lib/files-sink/left-files';
import type { Language } from '../lib/language';
import { App } from './app';
import type { PageName } from './page-code';
import { loadPage } from './pages';

/** Puts the app in the place of the shell, once it can show what the shell shows. @throws when texts do not load */
export async function start(language: Language, page: PageName | undefined): Promise<void> {
  const container = document.getElementById('root');
  if (!container) throw new Error('index.html has no #root');
  const [i18n] = await Promise.all([createI18n(language, page ?? 'common'), page && loadPage(page)]);
  // As a transition it is drawn in slices, between which the browser can do other things.
  startTransition(() =>
    createRoot(container).render(
      <StrictMode>
        <App i18n={i18n} router={BrowserRouter} />
      </StrictMode>,
    ),
  );
  void sweepLeftFiles().catch(() => undefined);
  // Needed where secrets are written and read; by then it is there.
  void document.fonts.load('1rem "IBM Plex Mono"').catch(() => undefined);
}
