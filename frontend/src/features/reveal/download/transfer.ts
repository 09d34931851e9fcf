import { ApiError, type Problem, problemOf } from '../../../lib/api/problem';
import { createTransferRate } from '../../../lib/files/transfer-rate';
import { type Again, type FileSink, SinkError, type SinkProblem } from '../../../lib/files-sink/files-sink';
import { SealDamagedError } from '../../../lib/seal/seal';
import type { Bytes } from './file-source';
import { WrongAnswerError } from './range-request';
import { CancelledError, type Standstill, TransferControl } from './transfer-control';

/**
 * Why a file was not saved. `damaged`: the bytes are not those that were sealed; `gone`: the server has
 * purged it; `signIn`: it has recipients, and none of them is signed in any more.
 */
type TransferTrouble = SinkProblem | 'damaged' | 'gone' | 'server' | 'signIn';

/** Progress of one download. Sizes are bytes, times seconds. */
export interface TransferState {
  readonly phase: 'running' | Standstill | 'saved' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly speed?: number | undefined;
  readonly left?: number | undefined;
  readonly trouble?: TransferTrouble;
  /** Problem of the server, when it refused. */
  readonly problem?: Problem;
  /** Saved: whether this page wrote the file to its place itself, see {@link FinishedFile}. */
  readonly confirmed?: boolean;
  /** Saved: how to save it again without the server. */
  readonly again?: Again;
}

/** The item to save, and its destination. */
export interface Job {
  readonly total: number;
  read(control: TransferControl): Bytes;
  open(): Promise<FileSink>;
}

/** Milliseconds between two reports of progress. */
const REPORT_MS = 250;

function failureOf(error: unknown): Pick<TransferState, 'trouble' | 'problem'> {
  if (error instanceof SinkError) return { trouble: error.problem };
  if (error instanceof SealDamagedError || error instanceof WrongAnswerError) return { trouble: 'damaged' };
  const problem = problemOf(error);
  if (problem.code === 'secret_gone' || problem.code === 'secret_not_found')
    return { trouble: 'gone', problem };
  if (problem.code === 'sign_in_required' || problem.code === 'not_recipient')
    return { trouble: 'signIn', problem };
  return error instanceof ApiError && problem.code === 'record_damaged'
    ? { trouble: 'damaged', problem }
    : { trouble: 'server', problem };
}

/** One download from the first byte to the saved file. An incomplete file is never handed out. */
export class Transfer {
  readonly control: TransferControl;
  private readonly rate = createTransferRate();
  private done = 0;
  private reported = 0;

  /**
   * @param onChange called with every change; with undefined when it was cancelled and nothing of it is left
   */
  constructor(
    private readonly job: Job,
    private readonly onChange: (state: TransferState | undefined) => void,
  ) {
    this.control = new TransferControl((why) => this.stands(why));
  }

  private standing: Standstill | undefined;

  private stands(why: Standstill | undefined): void {
    if (why === this.standing) return;
    this.standing = why;
    this.rate.restart();
    this.report(why ?? 'running');
  }

  private report(phase: TransferState['phase'], more: Partial<TransferState> = {}): void {
    this.reported = performance.now();
    const { total } = this.job;
    const moving = phase === 'running';
    this.onChange({
      phase,
      done: this.done,
      total,
      ...(moving ? { speed: this.rate.speed(), left: this.rate.secondsFor(total - this.done) } : {}),
      ...more,
    });
  }

  /** Resolves when it is over, however it ended. Never rejects. */
  async run(): Promise<void> {
    this.report('running');
    let sink: FileSink | undefined;
    try {
      sink = await this.job.open();
      for await (const piece of this.job.read(this.control)) {
        if (this.control.cancelled) throw new CancelledError();
        await sink.write(piece);
        this.done += piece.length;
        this.rate.note(this.done, performance.now());
        const due = performance.now() - this.reported >= REPORT_MS;
        if (due && this.standing === undefined) this.report('running');
      }
      if (this.control.cancelled) throw new CancelledError();
      if (this.done !== this.job.total) throw new SealDamagedError();
      this.report('saved', await sink.finish());
    } catch (error) {
      await sink?.abandon();
      if (this.control.cancelled) this.onChange(undefined);
      else this.report('failed', failureOf(error));
    }
  }
}
