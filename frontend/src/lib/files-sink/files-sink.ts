/** Gives the same file again, from this device. @returns false when it was removed already */
export type Again = () => boolean;

/** A completed file. */
interface FinishedFile {
  /**
   * Whether it is known to be at the place that the reader chose: this page wrote it there and closed it.
   * False when the browser was asked to download it: a page cannot see whether a browser keeps, blocks or
   * discards a download.
   */
  readonly confirmed: boolean;
  /** Gives it to the reader again without the server, if possible. */
  readonly again?: Again;
}

/** Receives the bytes of one file. Nothing of it is visible before {@link FileSink.finish}. */
export interface FileSink {
  /** Resolves when more may be written, which bounds memory. @throws SinkError */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Completes the file and gives it to the reader. @throws SinkError */
  finish(): Promise<FinishedFile>;
  /** Discards everything. Never fails. */
  abandon(): Promise<void>;
}

/** `full`: no space on the reader's disk; `tooLarge`: this browser would have to hold all of it in memory. */
export type SinkProblem = 'full' | 'tooLarge' | 'refused';

/** The file cannot be saved on this device, whatever the server sends. */
export class SinkError extends Error {
  constructor(
    readonly problem: SinkProblem,
    options?: ErrorOptions,
  ) {
    super(problem, options);
    this.name = 'SinkError';
  }
}

/** @throws SinkError instead of the browser's error */
export async function onDisk<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const full = cause instanceof Error && cause.name === 'QuotaExceededError';
    throw new SinkError(full ? 'full' : 'refused', { cause });
  }
}
