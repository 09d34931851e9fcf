import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** One person with a browser of their own: an empty profile, one page, and a record of what went wrong on it. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Script errors, console errors, policy violations and requests to anybody else. Must stay empty. */
  readonly faults: string[];
}

/** Chromium writes every answer of 400 and up, and every broken connection, to the console; those are expected. */
const ANSWERED = /^Failed to load resource: (the server responded with a status of \d+|net::ERR_)/;

/** @param elsewhere origins that pages of the portal may lead to; what is asked for from there is nobody's fault */
export async function openVisitor(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
  elsewhere: readonly string[] = [],
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    // A page that burns draws all the time; the tests of the handover and of motion ask for it.
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const faults: string[] = [];
  const watch = (page: Page): void => {
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('console', (message) => {
      const serious = message.type() === 'error' || message.type() === 'warning';
      if (serious && !ANSWERED.test(message.text())) faults.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { origin: asked, protocol } = new URL(request.url());
      if (asked === origin || protocol === 'blob:' || elsewhere.includes(asked)) return;
      if (elsewhere.includes(new URL(request.frame().url()).origin)) return;
      faults.push(`foreign request: ${request.url()}`);
    });
  };
  context.on('page', watch);
  const page = await context.newPage();
  return { context, page, faults };
}
