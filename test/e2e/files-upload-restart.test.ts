import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { launchBrowser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { Api } from './kit/api.js';
import {
  choose,
  TempFiles,
  linger,
  MIB,
  narrow,
  noise,
  seal,
  sha256,
  takeFiles,
  throttle,
  untilPercent,
} from './kit/files-upload.js';
import { takeLinks } from './kit/steps.js';
import { openVisitor } from './kit/visitor.js';

it('an upload survives that the server dies in the middle of it, and goes on when it is back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-restart-'));
  const tempFiles = new TempFiles();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const options = { dataDir, port, env: { PUBLIC_URL: url } };
  let app = await startApp(options);
  const browser = await launchBrowser();
  try {
    const { page, faults } = await openVisitor(browser, url);
    const bytes = noise(24 * MIB);
    const session = await narrow(page, 4 * MIB);
    await page.goto('/');
    await choose(page, [tempFiles.put('restart.bin', bytes)]);
    await seal(page);
    await untilPercent(page, 45);
    await linger(session);
    await app.kill9();
    await page.getByText('The server could not be reached.').waitFor();
    app = await startApp(options);
    await throttle(session, -1);
    // It tries again after longer and longer waits.
    page.setDefaultTimeout(120_000);
    const { bytes: got } = await takeFiles(new Api(url), await takeLinks(page));
    expect(sha256(got)).toBe(sha256(bytes));
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    await app.stop();
    tempFiles.clear();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
