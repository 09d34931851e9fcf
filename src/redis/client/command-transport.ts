import { Command } from 'ioredis';

export type ScriptArgument = string | number | Buffer;
export type CommandName = 'eval' | 'evalsha' | 'ping' | 'wait';

/** Sends scripts to Redis. */
export interface CommandTransport {
  /**
   * Sends a command once, to the server that holds its keys.
   * @param args the script, the number of keys, the keys, the arguments
   * @param guard called right before each try; what it throws is thrown, and nothing is sent
   * @returns its reply with bytes as Buffers
   * @throws what ioredis throws; {@link hasNotRun} tells which errors prove that it did not run
   */
  send(name: CommandName, args: readonly ScriptArgument[], guard?: () => void): Promise<unknown>;
}

/** One transport for all scripts, and one for those whose effect must survive the loss of a server. */
export interface CommandTransports {
  readonly plain: CommandTransport;
  /** The same as `plain` without a quorum. */
  readonly durable: CommandTransport;
}

/**
 * A command of ioredis that is serialized into one buffer: with a binary argument ioredis makes a buffer of
 * every argument and one of all of them, which costs more than half of sending a script.
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

/** Built by hand: the argument handling of `call` costs as much again. */
export function commandOf(name: CommandName, args: readonly ScriptArgument[]): Command {
  return new BinaryCommand(name, args as ScriptArgument[], { replyEncoding: null });
}
