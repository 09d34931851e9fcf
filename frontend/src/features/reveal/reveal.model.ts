import type { Trouble } from './trouble';

/** What came out of the envelope. Times are milliseconds since 1970, sizes bytes. */
export interface Opened {
  text: string;
  size: number;
  viewsLeft: number;
  openedAt: number;
  leaseEndsAt?: number;
}

/** What is left to say once the text is off the page. */
export type Ash = Omit<Opened, 'text'>;

/** What the reader is doing; until something is done, the page shows the status. */
export type Act =
  | { step: 'looking'; refused?: { attemptsLeft?: number } }
  | { step: 'opening'; progress?: number }
  | { step: 'open'; opened: Opened }
  | { step: 'cleared'; ash: Ash }
  | { step: 'destroying' }
  | { step: 'destroyed' }
  | { step: 'trouble'; trouble: Trouble; again: 'open' | 'destroy'; linkKey: Uint8Array | undefined };
