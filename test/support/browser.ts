import { chromium, type Browser } from 'playwright-core';

import { obtainChromium } from '../../scripts/lib/obtain-chromium.mjs';

/** Quiet, so that the only requests are those of the page. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Until it hangs: on a crowded machine a start takes long. */
const START_MS = 100_000;

let binary: string | undefined;

/** @returns the path of the Chromium that the tests use; looked for, or downloaded, once */
function chromiumBinary(): string {
  // `npm test` has looked already.
  binary ??= process.env['CHROMIUM_BIN'] ?? obtainChromium();
  return binary;
}

/** A headless Chromium with an empty profile. The caller closes it. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumBinary(),
    headless: true,
    timeout: START_MS,
    args: [...ARGS, ...args],
    // Without a locale of UTF-8 Chromium neither opens nor saves a file whose name is not ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}
