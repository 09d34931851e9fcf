import { Command } from 'ioredis';

export type ScriptArgument = string | number | Buffer;
export type CommandName = 'eval' | 'evalsha' | 'ping' | 'wait';

/** Where scripts are sent. */
export interface CommandLine {
  /**
   * Sends a command to the server that holds its keys, once.
   * @param args the script, how many keys, the keys, the arguments
   * @returns its reply with bytes as Buffers
   * @throws what ioredis throws; {@link hasNotRun} tells what is sure not to have run
   */
  send(name: CommandName, args: readonly ScriptArgument[]): Promise<unknown>;
}

/** One way for all scripts, and one for those whose effect must not be lost with a server. */
export interface CommandLines {
  readonly plain: CommandLine;
  /** The same as `plain` where no quorum is asked for. */
  readonly durable: CommandLine;
}

/** Made by hand: what `call` and its like do with their arguments costs as much again. */
export function commandOf(name: CommandName, args: readonly ScriptArgument[]): Command {
  return new Command(name, args as ScriptArgument[], { replyEncoding: null });
}
