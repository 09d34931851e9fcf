import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';

import { startApp, type TestApp } from '../../support/app-process.js';
import { launchBrowser } from '../../support/browser.js';
import { Api } from './api.js';
import { openVisitor, type Visitor } from './visitor.js';
import { openTcpRelay, type TcpRelay } from './tcp-relay.js';

/** A running portal, seen through a relay, and the browsers of people who use it. */
export interface PortalFixture {
  readonly url: string;
  readonly api: Api;
  readonly relay: TcpRelay;
  readonly browser: Browser;
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
}

type Env = Readonly<Record<string, string>>;

/**
 * Brings up the portal for the tests of one file. After each test every visitor leaves, and the test fails if a page
 * of theirs logged an error, broke the content security policy or talked to anybody but this server.
 * @param env settings of the app, which may need its address @param elsewhere origins that pages may lead to; they may be
 * added later
 */
export function usePortal(
  env: Env | ((url: string) => Promise<Env>) = {},
  elsewhere: readonly string[] = [],
): PortalFixture {
  let parts: { app: TestApp; relay: TcpRelay; browser: Browser; api: Api } | undefined;
  const visitors: Visitor[] = [];

  const up = () => {
    if (!parts) throw new Error('the portal is up only inside tests');
    return parts;
  };
  beforeAll(async () => {
    const relay = await openTcpRelay();
    const [app, browser] = await Promise.all([
      startApp({
        env: { PUBLIC_URL: relay.url, ...(typeof env === 'function' ? await env(relay.url) : env) },
      }),
      launchBrowser(),
    ]);
    relay.target = Number(new URL(app.url).port);
    parts = { app, relay, browser, api: new Api(relay.url) };
  });
  afterEach(async () => {
    const left = visitors.splice(0);
    await Promise.all(left.map(({ context }) => context.close()));
    expect(left.flatMap(({ faults }) => faults)).toEqual([]);
  });
  afterAll(async () => {
    await parts?.browser.close();
    await parts?.app.stop();
    await parts?.relay.close();
  });

  return {
    get url() {
      return up().relay.url;
    },
    get api() {
      return up().api;
    },
    get relay() {
      return up().relay;
    },
    get browser() {
      return up().browser;
    },
    visitor: async (options) => {
      const visitor = await openVisitor(up().browser, up().relay.url, options, elsewhere);
      visitors.push(visitor);
      return visitor;
    },
  };
}
