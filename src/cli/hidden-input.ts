import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

import { CommandError } from './command.js';

/** Source of a secret that is typed or piped in, and output of its prompt. */
export interface SecretSource {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Not the standard output, which is for the result. */
  readonly prompts: NodeJS.WritableStream;
}

/** Asks on a terminal without echo. Keys that edit a line work. */
export class HiddenPrompt {
  private readonly lines: Interface;
  private readonly typed: AsyncIterator<string>;
  private readonly prompts: SecretSource['prompts'];

  constructor({ input, prompts }: SecretSource) {
    // readline puts the terminal into raw mode and echoes what is typed to its output: a stream that discards it.
    const discarded = new Writable({ write: (_chunk, _encoding, done) => done() });
    this.lines = createInterface({ input, output: discarded, terminal: true, historySize: 0 });
    this.lines.on('SIGINT', () => this.close());
    // Begun before the first question, so that lines which were pasted together are all kept.
    this.typed = this.lines[Symbol.asyncIterator]();
    this.prompts = prompts;
  }

  /** @throws CommandError on Ctrl-C or Ctrl-D */
  async ask(question: string): Promise<string> {
    this.prompts.write(question);
    const answer = await this.typed.next();
    this.prompts.write('\n');
    if (answer.done === true) throw new CommandError('Cancelled: nothing was made.');
    return answer.value;
  }

  /** Restores the terminal. */
  close(): void {
    this.lines.close();
  }
}

/**
 * All of a pipe or a file, as one line without its end.
 * @param most maximum number of characters
 * @throws CommandError for more, and for invalid UTF-8
 */
export async function readPipedLine(input: NodeJS.ReadableStream, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    // UTF-8 uses at most four bytes for a character; two more end the line.
    if (bytes > 4 * most + 2) throw new CommandError(`The standard input is longer than ${most} characters.`);
    chunks.push(piece);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof TypeError) throw new CommandError('The standard input is not valid UTF-8.');
    throw error;
  }
}
