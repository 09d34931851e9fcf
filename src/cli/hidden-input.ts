import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

import { CommandError } from './command.js';

/** Where a secret is typed or piped in, and where somebody who types it is asked. */
export interface SecretSource {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Not the standard output: that is for the result. */
  readonly prompts: NodeJS.WritableStream;
}

/** Asks on a terminal, which shows nothing of what is typed. Keys that edit a line work. */
export class HiddenPrompt {
  private readonly lines: Interface;
  private readonly typed: AsyncIterator<string>;
  private readonly prompts: SecretSource['prompts'];

  constructor({ input, prompts }: SecretSource) {
    // readline puts the terminal into raw mode and does the echo itself: into nothing, here.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    this.lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
    this.lines.on('SIGINT', () => this.close());
    // Begun before the first question, so that lines which were pasted together are all kept.
    this.typed = this.lines[Symbol.asyncIterator]();
    this.prompts = prompts;
  }

  /** @throws CommandError when whoever is asked ends it (Ctrl-C, Ctrl-D) */
  async ask(question: string): Promise<string> {
    this.prompts.write(question);
    const answer = await this.typed.next();
    this.prompts.write('\n');
    if (answer.done === true) throw new CommandError('Cancelled: nothing was made.');
    return answer.value;
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.lines.close();
  }
}

/**
 * All of a pipe or a file, as one line without its end.
 * @param most characters that may come
 * @throws CommandError for more, and for what is no UTF-8
 */
export async function readPipedLine(input: NodeJS.ReadableStream, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    // UTF-8 takes at most four bytes for a character; two more end the line.
    if (bytes > 4 * most + 2) throw new CommandError(`The standard input is longer than ${most} characters.`);
    chunks.push(piece);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof TypeError) throw new CommandError('The standard input is no UTF-8.');
    throw error;
  }
}
