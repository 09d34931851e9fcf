import type { Problem } from '../../../lib/api/problem';
import type { HandedOver } from '../create.model';

/** Why an upload cannot continue. */
export type UploadProblem = Problem | { code: 'file_changed' | 'file_unreadable' };

/** Progress of an upload, in bytes of the files, and its speed. */
export interface Moved {
  readonly sent: number;
  readonly total: number;
  /** 0 to 1; 1 for an empty upload once it is done. */
  readonly share: number;
  /** Bytes a second. */
  readonly speed?: number | undefined;
  readonly secondsLeft?: number | undefined;
}

export type UploadState =
  /** Derivation of the passphrase and creation of keys. */
  | { readonly step: 'preparing'; readonly progress?: number }
  /** Comparison of chosen files with those sent before. */
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
  /** Continues after a pause, or retries at once. */
  resume(): void;
  /** Ends it here and on the server. */
  cancel(): void;
}
