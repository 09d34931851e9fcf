import { parseArgs } from 'node:util';

import { MAX_KEK_ID } from '../../crypto/keyring/keyring.js';
import { UsageError } from '../command.js';

/** The flags of a command, and no other word. @throws UsageError */
export function flagsOf<const F extends string>(
  args: readonly string[],
  names: readonly F[],
): Record<F, boolean> {
  const { values } = parsed(args, names, false);
  return Object.fromEntries(names.map((name) => [name, values[name] === true])) as Record<F, boolean>;
}

/** The one argument of a command, a key id. @throws UsageError */
export function keyIdOf(args: readonly string[]): number {
  const { positionals } = parsed(args, [], true);
  const [text = ''] = positionals;
  const id = Number(text);
  if (positionals.length !== 1 || !/^\d{1,10}$/.test(text) || id < 1 || id > MAX_KEK_ID)
    throw new UsageError('Name one key by its id, such as 1: see "keys list".');
  return id;
}

function parsed(args: readonly string[], names: readonly string[], allowPositionals: boolean) {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]));
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
