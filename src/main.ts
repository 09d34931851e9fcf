import 'reflect-metadata';

import { createLogger } from './platform/logging/logger.js';
import { asListenError, startFailure } from './platform/logging/start-failure.js';

class RuntimeTooOldError extends Error {
  override name = 'RuntimeTooOldError';
}

/**
 * Argon2id was added in Node 24.7 and blocked the event loop at first; older ones fail with a bare
 * SyntaxError.
 */
function isRuntimeRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 21);
}

function fail(error: unknown): never {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  if (!isRuntimeRecent(process.versions.node)) {
    throw new RuntimeTooOldError(
      `Burnbag runs on Node 24.21 or newer, not ${process.versions.node}: use npm start`,
    );
  }
  // Imported late: building the module tree reads the environment, and its problems must be caught here.
  const { createApp } = await import('./bootstrap.js');
  const { serverConfig } = await import('./platform/config/sections/app.config.js');
  const { endOnSignal } = await import('./shutdown.js');
  const { host, port, publicUrl, logLevel, drainSeconds, drainDelaySeconds } = serverConfig();
  const loggers = createLogger(logLevel);
  const app = await createApp(loggers);
  endOnSignal(app, { delaySeconds: drainDelaySeconds, drainSeconds, flush: loggers.flush });
  try {
    await app.listen(port, host);
  } catch (error) {
    throw asListenError(error, host, port);
  }
  process.stdout.write(`Burnbag is ready at ${publicUrl}\n`);
}

main().catch(fail);
