import { type Language, LANGUAGES } from '@burnbag/contract';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { MemoryRouter } from 'react-router';
import { Sheet } from '../components/ui/sheet';
import { AdminLoading } from '../features/admin/components/admin-loading';
import { ReceiptLoading } from '../features/receipt/components/receipt-loading';
import { LoadingPage } from '../features/reveal/components/loading-page';
import { SignInLoading } from '../features/sign-in/components/sign-in-loading';
import { TokensLoading } from '../features/tokens/components/tokens-loading';
import { createI18n } from '../lib/i18n';
import type { Namespace } from '../locales/bundles';
import { AppProviders } from './providers';
import CreateRoute from './routes/create.route';
import { NotFoundRoute } from './routes/not-found.route';
import { Shell } from './shell';

/** First content of each page: the page itself, or the placeholder of its data. */
const FIRST = {
  create: { namespace: 'create', body: <CreateRoute /> },
  reveal: { namespace: 'reveal', body: <LoadingPage /> },
  receipt: { namespace: 'receipt', body: <ReceiptLoading /> },
  login: { namespace: 'login', body: <SignInLoading /> },
  tokens: { namespace: 'tokens', body: <TokensLoading /> },
  admin: { namespace: 'admin', body: <AdminLoading /> },
  'not-found': { namespace: 'common', body: <NotFoundRoute /> },
} satisfies Record<string, { namespace: Namespace; body: ReactNode }>;

type ShellName = keyof typeof FIRST;

/** Inert until the app has loaded. The text area works, and the app takes it over (lib/early-field). */
const disarm = (html: string): string =>
  html
    .replaceAll(/<(?:a|button|input|select)(?= )/g, '$& inert=""')
    .replace(/<textarea(?= )/, '$& autofocus=""');

async function render(name: ShellName, language: Language): Promise<string> {
  const { namespace, body } = FIRST[name];
  const i18n = await createI18n(language, namespace);
  const t = i18n.getFixedT(language, 'common');
  const isWritable = name === 'create';
  const html = renderToStaticMarkup(
    <AppProviders i18n={i18n}>
      <MemoryRouter>
        <div data-shell={language}>
          <div data-page {...(isWritable ? {} : { inert: true, 'aria-hidden': true })}>
            <Shell>{body}</Shell>
          </div>
          <div role="alert">
            <Sheet>
              <h1>{t('crash.heading')}</h1>
              <p>{t('crash.text')}</p>
            </Sheet>
          </div>
        </div>
      </MemoryRouter>
    </AppProviders>,
    // The switches of two languages must not be one group.
    { identifierPrefix: language },
  );
  return isWritable ? disarm(html) : html;
}

/**
 * The markup in the built pages, painted before any script of the app has loaded: each page in every
 * language, of which public/first-paint.js shows one. Only a text area in it works; the app replaces it.
 */
export async function renderShells(): Promise<{ name: ShellName; html: string }[]> {
  return Promise.all(
    (Object.keys(FIRST) as ShellName[]).map(async (name) => {
      const parts = await Promise.all(LANGUAGES.map((language) => render(name, language)));
      return { name, html: parts.join('') };
    }),
  );
}
