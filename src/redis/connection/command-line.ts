import { Command } from 'ioredis';

export type ScriptArgument = string | number | Buffer;
export type CommandName = 'eval' | 'evalsha' | 'ping' | 'wait';

/** Where scripts are sent. */
export interface CommandLine {
  /**
   * Sends a command to the server that holds its keys, once.
   * @param args the script, how many keys, the keys, the arguments
   * @param guard called right before each try; what it throws is thrown, and nothing is sent
   * @returns its reply with bytes as Buffers
   * @throws what ioredis throws; {@link hasNotRun} tells what is sure not to have run
   */
  send(name: CommandName, args: readonly ScriptArgument[], guard?: () => void): Promise<unknown>;
}

/** One way for all scripts, and one for those whose effect must not be lost with a server. */
export interface CommandLines {
  readonly plain: CommandLine;
  /** The same as `plain` where no quorum is asked for. */
  readonly durable: CommandLine;
}

/**
 * A command as ioredis knows it, but turned into bytes in one piece: ioredis makes a buffer of every argument, and one
 * of all of them, as soon as one is binary, which costs more than half of what sending a script costs.
 */
class BinaryCommand extends Command {
  override toWritable(): string | Buffer {
    const pieces: (string | Buffer)[] = [];
    let text = `*${this.args.length + 1}\r\n$${this.name.length}\r\n${this.name}\r\n`;
    let bytes = 0;
    for (const arg of this.args) {
      if (!Buffer.isBuffer(arg)) {
        text += `$${Buffer.byteLength(String(arg))}\r\n${String(arg)}\r\n`;
        continue;
      }
      text += `$${arg.length}\r\n`;
      pieces.push(text, arg);
      bytes += Buffer.byteLength(text) + arg.length;
      text = '\r\n';
    }
    if (pieces.length === 0) return text;
    const whole = Buffer.allocUnsafe(bytes + Buffer.byteLength(text));
    let at = 0;
    for (const piece of pieces)
      at += typeof piece === 'string' ? whole.write(piece, at) : piece.copy(whole, at);
    whole.write(text, at);
    return whole;
  }
}

/** Made by hand: what `call` and its like do with their arguments costs as much again. */
export function commandOf(name: CommandName, args: readonly ScriptArgument[]): Command {
  return new BinaryCommand(name, args as ScriptArgument[], { replyEncoding: null });
}
