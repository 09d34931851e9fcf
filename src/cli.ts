import 'reflect-metadata';

import { adminHashCommand } from './cli/admin-hash.command.js';
import { auditVerifyCommand } from './cli/audit-verify.command.js';
import type { Command } from './cli/command.js';
import { redisReconcileCommand } from './cli/redis-reconcile.command.js';
import { runCommand } from './cli/run-command.js';
import { tokenCreateCommand, tokenListCommand, tokenRevokeCommand } from './cli/token.commands.js';

/** Every command. A new one is a file in cli/ and a line here. */
const COMMANDS: readonly Command[] = [
  auditVerifyCommand,
  adminHashCommand,
  tokenCreateCommand,
  tokenListCommand,
  tokenRevokeCommand,
  redisReconcileCommand,
];

process.exitCode = await runCommand(COMMANDS, process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
