import { PASSPHRASE_MAX_CHARACTERS, RECIPIENTS_MAX, VIEWS_MAX } from './limits.js';

/** How people authenticate: `oidc` demands a sign-in of those who create secrets. */
export type AuthMode = 'open' | 'oidc';

/** Answer of `GET /policy`: the limits of one installation. */
export interface Policy {
  /** Largest text, in bytes of UTF-8. */
  readonly secretMaxBytes: number;
  readonly secretTtlDefaultSeconds: number;
  readonly secretTtlMaxSeconds: number;
  readonly maxViews: number;
  readonly authMode: AuthMode;
  /** Every secret needs a passphrase. */
  readonly passphraseRequired: boolean;
  /** Only sealed content is accepted. */
  readonly sealedRequired: boolean;
  readonly filesAllowed: boolean;
  /** Every secret names its recipients. */
  readonly recipientsRequired: boolean;
  /** Whether people can sign in, so that they can be named. */
  readonly recipientsAllowed: boolean;
  readonly recipientsMax: number;
  readonly claimLeaseSeconds: number;
  readonly passphraseAttempts: number;
  readonly passphraseLockSeconds: number;
  readonly passphraseMaxCharacters: number;
  /** Of all files of a secret together. */
  readonly fileMaxBytes: number;
  readonly fileCountMax: number;
  /** Lower case, without dots; null when every extension is allowed. */
  readonly fileExtensions: readonly string[] | null;
  readonly fileLeaseSeconds: number;
}

/** What holds where the operator has set nothing else. */
export const DEFAULT_POLICY: Policy = {
  secretMaxBytes: 262_144,
  secretTtlDefaultSeconds: 86_400,
  secretTtlMaxSeconds: 2_592_000,
  maxViews: VIEWS_MAX,
  authMode: 'open',
  passphraseRequired: false,
  sealedRequired: false,
  filesAllowed: true,
  recipientsRequired: false,
  recipientsAllowed: false,
  recipientsMax: RECIPIENTS_MAX,
  claimLeaseSeconds: 60,
  passphraseAttempts: 5,
  passphraseLockSeconds: 900,
  passphraseMaxCharacters: PASSPHRASE_MAX_CHARACTERS,
  fileMaxBytes: 524_288_000,
  fileCountMax: 100,
  fileExtensions: null,
  fileLeaseSeconds: 600,
};
