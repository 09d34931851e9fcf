/** Gives the same file once more, from this device. @returns false when it is let go already */
export type Again = () => boolean;

/** A file after its last byte. */
export interface FinishedFile {
  /**
   * Whether it is known to be where the reader chose: this page wrote it there and closed it. False where the browser was
   * asked to download it: a page cannot see whether a browser keeps, holds back or discards a download.
   */
  readonly confirmed: boolean;
  /** How to hand it to the reader again without the server, if it can. */
  readonly again?: Again;
}

/** Where the bytes of one file go. Nothing can be seen of it before {@link FileSink.finish}. */
export interface FileSink {
  /** Resolves when more may come: so nothing piles up in memory. @throws SinkError */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All bytes are there: hands the file to the reader. @throws SinkError */
  finish(): Promise<FinishedFile>;
  /** Throws everything away. Never fails. */
  abandon(): Promise<void>;
}

/** `full`: no room on the reader's disk; `tooLarge`: this browser would have to hold all of it in memory. */
export type SinkProblem = 'full' | 'tooLarge' | 'refused';

/** The file cannot be saved here, whatever the server sends. */
export class SinkError extends Error {
  constructor(
    readonly problem: SinkProblem,
    options?: ErrorOptions,
  ) {
    super(problem, options);
    this.name = 'SinkError';
  }
}

/** @throws SinkError in the place of what the browser throws */
export async function onDisk<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const full = cause instanceof Error && cause.name === 'QuotaExceededError';
    throw new SinkError(full ? 'full' : 'refused', { cause });
  }
}
