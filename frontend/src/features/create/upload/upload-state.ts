import type { Problem } from '../../../lib/api/problem';
import type { HandedOver } from '../create.model';

/** Why an upload cannot go on. */
export type UploadProblem = Problem | { code: 'file_changed' | 'file_unreadable' };

/** How far an upload is, in bytes of the files, and how fast. */
export interface Moved {
  readonly sent: number;
  readonly total: number;
  /** 0 to 1; of nothing at all it is 1 once it is there. */
  readonly share: number;
  /** Bytes a second. */
  readonly speed?: number | undefined;
  readonly secondsLeft?: number | undefined;
}

export type UploadState =
  /** Working a passphrase in, making keys. */
  | { readonly step: 'preparing'; readonly progress?: number }
  /** Comparing files that were chosen again with what was sent of them. */
  | { readonly step: 'comparing'; readonly progress: number }
  | { readonly step: 'sending' | 'paused'; readonly moved: Moved }
  /** @property retryAt milliseconds since the epoch */
  | { readonly step: 'waiting'; readonly moved: Moved; readonly problem: Problem; readonly retryAt: number }
  | { readonly step: 'stuck'; readonly moved: Moved; readonly problem: Problem }
  /** Everything has arrived; the link is being made. */
  | { readonly step: 'completing'; readonly moved: Moved };

export type UploadOutcome =
  | { readonly kind: 'handedOver'; readonly result: HandedOver }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly problem: UploadProblem };

/** An upload under way. */
export interface UploadRun {
  readonly outcome: Promise<UploadOutcome>;
  pause(): void;
  /** Goes on after a pause, or tries again at once. */
  resume(): void;
  /** Ends it here and on the server. */
  cancel(): void;
}
