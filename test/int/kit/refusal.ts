import { expect } from '@jest/globals';

import { startApp } from '../../support/app-process.js';

/** What an app that must not start prints. */
export async function refusal(env: Record<string, string>, redisUrl?: string): Promise<string> {
  const started = startApp({ env, redisUrl });
  const failed = await started.then(
    async (app) => `IT STARTED: ${await app.stop()}`,
    (error: unknown) => String(error),
  );
  expect(failed).not.toContain('    at ');
  expect(failed).not.toContain('IT STARTED');
  return failed;
}
