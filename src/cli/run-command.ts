import { startFailure } from '../platform/logging/start-failure.js';
import { VERSION } from '../common/version.js';
import { EXIT, UsageError, type Command, type ExitCode, type Terminal } from './command.js';

/** Errors that an operator can fix: only their message is printed. */
const EXPECTED: Readonly<Record<string, ExitCode>> = {
  ConfigError: EXIT.usage,
  KeySourceError: EXIT.usage,
  KeyringError: EXIT.usage,
  CommandError: EXIT.unable,
  RedisUnfitError: EXIT.unable,
  ClusterMovingError: EXIT.unable,
  ProblemError: EXIT.unable,
  DatabaseAwayError: EXIT.unable,
  DatabaseUnfitError: EXIT.unable,
  DataDirError: EXIT.unable,
};

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h' || word === 'help';
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ words }) => words.join(' ').length));
  const lines = commands.map(({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}`);
  return [
    'Usage: npm run cli -- <command>',
    '',
    ...lines,
    '',
    '<command> --help says more; --version names the version.',
  ].join('\n');
}

/**
 * Finds the command that was typed and runs it.
 * @param argv without the program's own name
 */
export async function runCommand(
  commands: readonly Command[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  if (argv.length === 0 || isHelp(argv[0])) {
    terminal[argv.length === 0 ? 'err' : 'out'](overview(commands));
    return argv.length === 0 ? EXIT.usage : EXIT.ok;
  }
  if (argv.length === 1 && argv[0] === '--version') {
    terminal.out(VERSION);
    return EXIT.ok;
  }
  const command = commands.find(({ words }) => words.every((word, index) => argv[index] === word));
  if (!command) {
    terminal.err(`There is no command "${argv.join(' ')}".\n\n${overview(commands)}`);
    return EXIT.usage;
  }
  const args = argv.slice(command.words.length);
  if (args.some(isHelp)) {
    terminal.out(`npm run cli -- ${command.words.join(' ')}: ${command.summary}\n\n${command.help}`);
    return EXIT.ok;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    return explain(error, terminal);
  }
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof UsageError) {
    terminal.err(error.message);
    return EXIT.usage;
  }
  const code = error instanceof Error ? EXPECTED[error.name] : undefined;
  terminal.err(error instanceof Error && code !== undefined ? error.message : startFailure(error));
  return code ?? EXIT.unable;
}
