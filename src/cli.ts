import 'reflect-metadata';

import { adminHashCommand } from './cli/admin-hash.command.js';
import { auditVerifyCommand } from './cli/audit-verify.command.js';
import type { Command } from './cli/command.js';
import { redisReconcileCommand } from './cli/redis-reconcile.command.js';
import { keysAddCommand } from './cli/keys/keys-add.command.js';
import { keysListCommand } from './cli/keys/keys-list.command.js';
import { keysPromoteCommand } from './cli/keys/keys-promote.command.js';
import { keysRetireCommand } from './cli/keys/keys-retire.command.js';
import { keysRewrapCommand } from './cli/keys/keys-rewrap.command.js';
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
  keysListCommand,
  keysAddCommand,
  keysPromoteCommand,
  keysRewrapCommand,
  keysRetireCommand,
];

process.exitCode = await runCommand(COMMANDS, process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY && { status: (line: string) => process.stderr.write(`\r\u001b[K${line}`) }),
});
