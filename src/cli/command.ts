/** Where a command says things: results go to `out`, what the operator should know beside them to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** One line that the next one overwrites, '' to take it away; absent where nobody watches. */
  status?(line: string): void;
}

/** How a command ended, as the shell sees it. */
export const EXIT = {
  ok: 0,
  /** It ran, and found what must not be. */
  bad: 1,
  /** It was called in a way that it does not know, or the configuration is unusable. */
  usage: 2,
  /** It could not do its work: something that it needs is away. */
  unable: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One command of `npm run cli --`. */
export interface Command {
  /** As it is typed, such as `['audit', 'verify']`. */
  readonly words: readonly string[];
  /** One line of `--help`. */
  readonly summary: string;
  /** What `<command> --help` adds to it. */
  readonly help: string;
  /**
   * @param args what follows the words
   * @throws UsageError for arguments that it does not know
   */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** Called in a way that no command knows; the message says which. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The command cannot do its work here; the message says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
}
