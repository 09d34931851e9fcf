/**
 * `npm run cli -- <command>`: the operator's commands. Prepares the checkout, silently when nothing is to do,
 * and runs them with the pinned Node.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';

import { exclusively } from './lib/exclusive.mjs';
import { checkNode, pinnedNode, prepare, toolEnvironment } from './lib/prepare.mjs';
import { endPlainly, projectRoot } from './lib/shell.mjs';

/** @returns {Promise<number>} the command's exit code, 128 + n when signal n ended it */
function runCommand(args) {
  return new Promise((resolve, reject) => {
    const command = spawn(pinnedNode(), [join(projectRoot, 'dist', 'cli.js'), ...args], {
      cwd: projectRoot,
      env: toolEnvironment(),
      stdio: 'inherit',
    });
    // The terminal signals the command as well; this process waits for its exit.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => command.kill(signal));
    command.once('error', reject);
    command.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

async function main() {
  checkNode();
  await exclusively(prepare);
  process.exitCode = await runCommand(process.argv.slice(2));
}

await main().catch((error) => {
  endPlainly(error);
  // 1 would mean that a command ran and found a fault.
  process.exitCode = 3;
});
