import { parseArgs, type ParseArgsConfig } from 'node:util';

import { TOKEN_PAGE_MAX, TOKEN_SCOPES, type TokenScope } from '@burnbag/contract';

import { tokenAnswer } from '../auth/tokens/tokens.dto.js';
import { ProblemError } from '../platform/http/problem/problem.js';
import { EXIT, UsageError, type Command } from './command.js';
import { withTokens } from './redis-tokens.js';

/** Account of tokens that no person made. */
const CLI_OWNER = 'cli';
const DAY_SECONDS = 86_400;
const DEFAULT_DAYS = '90';

export const tokenCreateCommand: Command = {
  words: ['token', 'create'],
  summary: 'make an API token for a script; it is shown once',
  help: `  --name TEXT     for people
  --scope SCOPE   ${TOKEN_SCOPES.join(', ')}; may be repeated
  --days N        how long it lasts, 1 to 366 [${DEFAULT_DAYS}]
  --owner ACCOUNT whose list shows it, such as local:root or oidc:<subject> [${CLI_OWNER}]

Prints the token alone to the standard output, and its facts to the error output. It cannot be shown again.

Exit code: 0 made, 2 wrong usage, 3 Redis cannot be reached.`,
  async run(args, terminal) {
    const { values } = parsed(args, {
      options: {
        name: { type: 'string' },
        scope: { type: 'string', multiple: true },
        days: { type: 'string', default: DEFAULT_DAYS },
        owner: { type: 'string', default: CLI_OWNER },
      },
    });
    const { name = '', scope = [], days, owner } = values;
    // An invalid scope is refused together with all other invalid options.
    const request = { name, scopes: scope as TokenScope[], ttlSeconds: Number(days) * DAY_SECONDS };
    const { secret, token } = await withTokens((tokens) => tokens.issue(request, owner));
    terminal.err(JSON.stringify(tokenAnswer(token)));
    terminal.out(secret);
    return EXIT.ok;
  },
};

export const tokenListCommand: Command = {
  words: ['token', 'list'],
  summary: 'list API tokens, the newest first, one line of JSON each',
  help: `  --owner ACCOUNT only those of one account, such as local:root, oidc:<subject> or ${CLI_OWNER}

Exit code: 0 listed, 2 wrong usage, 3 Redis cannot be reached.`,
  async run(args, terminal) {
    const { owner } = parsed(args, { options: { owner: { type: 'string' } } }).values;
    await withTokens(async (tokens) => {
      let cursor: string | undefined;
      do {
        const page = await tokens.list(owner, TOKEN_PAGE_MAX, cursor);
        for (const token of page.tokens) terminal.out(JSON.stringify(tokenAnswer(token)));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
    });
    return EXIT.ok;
  },
};

export const tokenRevokeCommand: Command = {
  words: ['token', 'revoke'],
  summary: 'revoke an API token by its id: it is refused at once',
  help: `token revoke ID, where ID is what token list shows.

Exit code: 0 revoked, 1 there is no such token, 2 wrong usage, 3 Redis cannot be reached.`,
  async run(args, terminal) {
    const [id, ...others] = parsed(args, { allowPositionals: true }).positionals;
    if (id === undefined || others.length > 0) throw new UsageError('token revoke takes one id.');
    try {
      await withTokens((tokens) => tokens.revoke(id, undefined));
    } catch (error) {
      if (!(error instanceof ProblemError) || error.kind.status !== 404) throw error;
      terminal.err('There is no such token.');
      return EXIT.bad;
    }
    terminal.out(`Revoked ${id}.`);
    return EXIT.ok;
  },
};

/** @throws UsageError that names the unknown option, and repeats no other argument */
function parsed<C extends ParseArgsConfig>(args: readonly string[], config: C) {
  try {
    return parseArgs({ ...config, args: [...args] });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
