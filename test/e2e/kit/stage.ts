import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';

import { startApp, type TestApp } from '../../support/app-process.js';
import { launchBrowser } from '../../support/browser.js';
import { Api } from './api.js';
import { openVisitor, type Visitor } from './visitor.js';
import { openWire, type Wire } from './wire.js';

/** A running portal, seen through a wire, and the browsers of people who use it. */
export interface Stage {
  readonly url: string;
  readonly api: Api;
  readonly wire: Wire;
  readonly browser: Browser;
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
}

type Env = Readonly<Record<string, string>>;

/**
 * Brings up the stage for the tests of one file. After each test every visitor leaves, and the test fails if a page
 * of theirs logged an error, broke the content security policy or talked to anybody but this server.
 * @param env settings of the app, which may need its address @param elsewhere origins that pages may lead to; they may be
 * added later
 */
export function useStage(
  env: Env | ((url: string) => Promise<Env>) = {},
  elsewhere: readonly string[] = [],
): Stage {
  let parts: { app: TestApp; wire: Wire; browser: Browser; api: Api } | undefined;
  const visitors: Visitor[] = [];

  const up = () => {
    if (!parts) throw new Error('the stage is up only inside tests');
    return parts;
  };
  beforeAll(async () => {
    const wire = await openWire();
    const [app, browser] = await Promise.all([
      startApp({
        env: { PUBLIC_URL: wire.url, ...(typeof env === 'function' ? await env(wire.url) : env) },
      }),
      launchBrowser(),
    ]);
    wire.target = Number(new URL(app.url).port);
    parts = { app, wire, browser, api: new Api(wire.url) };
  });
  afterEach(async () => {
    const left = visitors.splice(0);
    await Promise.all(left.map(({ context }) => context.close()));
    expect(left.flatMap(({ faults }) => faults)).toEqual([]);
  });
  afterAll(async () => {
    await parts?.browser.close();
    await parts?.app.stop();
    await parts?.wire.close();
  });

  return {
    get url() {
      return up().wire.url;
    },
    get api() {
      return up().api;
    },
    get wire() {
      return up().wire;
    },
    get browser() {
      return up().browser;
    },
    visitor: async (options) => {
      const visitor = await openVisitor(up().browser, up().wire.url, options, elsewhere);
      visitors.push(visitor);
      return visitor;
    },
  };
}
