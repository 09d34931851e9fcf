import { PASSWORD_MAX_CHARACTERS, PASSWORD_MIN_CHARACTERS } from '@burnbag/contract';

import { passwordProblem } from '../auth/local-admin/new-password.js';
import { formatPasswordHash } from '../auth/local-admin/password-hash.js';
import { PasswordHasher } from '../auth/local-admin/password-hasher.js';
import { systemRandom } from '../crypto/random-source.port.js';
import { EXIT, UsageError, type Command } from './command.js';
import { HiddenPrompt, readPipedLine, type SecretSource } from './hidden-input.js';

const HELP = `Asks twice for the password of the local administrator (ADMIN_USERNAME), at least ${PASSWORD_MIN_CHARACTERS} characters, and shows nothing of it.
Where there is no terminal it reads the password from the standard input, one line of UTF-8. Prints the line for .env:

  ADMIN_PASSWORD_HASH='$argon2id$v=19$m=47104,t=1,p=1$...'

The quotes keep shells and Compose from replacing what follows a $. In a file that ADMIN_PASSWORD_HASH_FILE names, write
what stands between them. Needs no configuration, and stores nothing.

Exit code: 0 made, 1 the password was refused, 2 wrong usage, 3 cancelled or unreadable.`;

/** `npm run cli -- admin hash`; reads from the given source when it runs. */
export function adminHash(source: () => SecretSource): Command {
  return {
    words: ['admin', 'hash'],
    summary: "make ADMIN_PASSWORD_HASH from the local administrator's password",
    help: HELP,
    async run(args, terminal) {
      requireNoArguments(args);
      const answer = await readPassword(source());
      if ('problem' in answer) {
        terminal.err(`Refused: ${answer.problem}.`);
        return EXIT.bad;
      }
      const hash = await new PasswordHasher().hash(answer.password, systemRandom);
      terminal.out(`ADMIN_PASSWORD_HASH='${formatPasswordHash(hash)}'`);
      return EXIT.ok;
    },
  };
}

export const adminHashCommand = adminHash(() => ({ input: process.stdin, prompts: process.stderr }));

function requireNoArguments(args: readonly string[]): void {
  // A password as an argument would be in the shell's history and in the list of processes, so it is not
  // accepted, nor repeated.
  if (args.length > 0)
    throw new UsageError(
      'admin hash takes no arguments: the password is asked for, or read from the standard input.',
    );
}

type Answer = { readonly password: string } | { readonly problem: string };

async function readPassword(source: SecretSource): Promise<Answer> {
  if (source.input.isTTY !== true) return checked(await readPipedLine(source.input, PASSWORD_MAX_CHARACTERS));
  const prompt = new HiddenPrompt(source);
  try {
    const answer = checked(await prompt.ask('Password: '));
    if ('problem' in answer) return answer;
    const again = await prompt.ask('The same again: ');
    return again === answer.password ? answer : { problem: 'the two are not the same' };
  } finally {
    prompt.close();
  }
}

function checked(password: string): Answer {
  const problem = passwordProblem(password);
  return problem === undefined ? { password } : { problem };
}
