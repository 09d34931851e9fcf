import type { Language } from '@burnbag/contract';
import { type ReactNode, startTransition, StrictMode, useLayoutEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { createI18n } from '../lib/i18n';
import { earlyFieldAtRest, keepEarlyField } from '../lib/early-field';
import { sweepLeftFiles } from '../lib/files-sink/left-files';
import { App } from './app';
import type { PageName } from './page-code';
import { loadPage } from './pages';

/**
 * Removes the first paint in the same step in which the app appears. Pages inside have taken over its
 * content.
 */
function WithoutShell({ children }: { children: ReactNode }) {
  useLayoutEffect(() => {
    keepEarlyField();
    document.getElementById('shell')?.remove();
  }, []);
  return children;
}

/** Replaces the shell with the app, once it can show the same content. @throws when texts do not load */
export async function start(language: Language, page: PageName | undefined): Promise<void> {
  const container = document.getElementById('root');
  if (!container) throw new Error('index.html has no #root');
  const [i18n] = await Promise.all([createI18n(language, page ?? 'common'), page && loadPage(page)]);
  await earlyFieldAtRest();
  // As a transition it is rendered in slices, between which the browser can do other work.
  startTransition(() =>
    createRoot(container).render(
      <StrictMode>
        <WithoutShell>
          <App i18n={i18n} router={BrowserRouter} />
        </WithoutShell>
      </StrictMode>,
    ),
  );
  void sweepLeftFiles().catch(() => undefined);
  // Needed for writing and reading secrets; loaded by then.
  void document.fonts.load('1rem "IBM Plex Mono"').catch(() => undefined);
}
