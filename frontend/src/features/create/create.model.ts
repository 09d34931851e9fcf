import { utf8Length } from '../../lib/text';
import type { Policy } from './api/get-policy';

/** What the sender has written and chosen. */
export interface Draft {
  text: string;
  maxViews: number;
  ttlSeconds: number;
  /** Empty when there is none. */
  passphrase: string;
  /** Encrypted in this browser (true) or by the server (false). */
  sealed: boolean;
}

/** What the sender gets, once. */
export interface HandedOver {
  link: string;
  receiptLink: string;
  /** ISO 8601. */
  expiresAt: string;
  maxViews: number;
  passphrase: string;
  sealed: boolean;
  /** Where a script reads a server-side secret. */
  scriptUrl?: string;
}

/** Which choice of the sentence is open. */
export type Panel = 'views' | 'expiry' | 'passphrase' | 'lock';

/** What stands beside a field, by field. */
export interface Faults {
  text?: 'empty' | 'tooLong' | 'halfCharacter' | 'refused';
  views?: 'range';
  expiry?: 'range';
  passphrase?: 'tooLong' | 'halfCharacter';
}

const inRange = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;

/** Everything in a draft that the server would refuse, found before anything is sent. */
export function faultsOf(draft: Draft, policy: Policy): Faults {
  const faults: Faults = {};
  if (draft.text === '') faults.text = 'empty';
  else if (!draft.text.isWellFormed()) faults.text = 'halfCharacter';
  else if (utf8Length(draft.text) > policy.secretMaxBytes) faults.text = 'tooLong';
  if (!inRange(draft.maxViews, policy.maxViews)) faults.views = 'range';
  if (!inRange(draft.ttlSeconds, policy.secretTtlMaxSeconds)) faults.expiry = 'range';
  if (!draft.passphrase.isWellFormed()) faults.passphrase = 'halfCharacter';
  else if ([...draft.passphrase.normalize('NFC')].length > policy.passphraseMaxCharacters) {
    faults.passphrase = 'tooLong';
  }
  return faults;
}
