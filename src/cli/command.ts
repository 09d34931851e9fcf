/** Output of a command: results go to `out`, everything else for the operator to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** One line that the next one overwrites, '' removes it; absent without a terminal. */
  status?(line: string): void;
}

/** Exit code of a command. */
export const EXIT = {
  ok: 0,
  /** It ran, and found a fault. */
  bad: 1,
  /** It was called with unknown arguments, or the configuration is unusable. */
  usage: 2,
  /** It could not run: a service that it needs is unavailable. */
  unable: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One command of `npm run cli --`. */
export interface Command {
  /** Its words, such as `['audit', 'verify']`. */
  readonly words: readonly string[];
  /** One line of `--help`. */
  readonly summary: string;
  /** Text of `<command> --help`. */
  readonly help: string;
  /**
   * @param args the arguments after the words
   * @throws UsageError for unknown arguments
   */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** Called with unknown arguments; the message names them. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The command cannot run here; the message says what to do. */
export class CommandError extends Error {
  override name = 'CommandError';
}
