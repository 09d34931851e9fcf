/** What the create page assumes until the server has told its policy; the server checks again anyway. */
export const FALLBACK_POLICY = {
  secretMaxBytes: 262_144,
  secretTtlDefaultSeconds: 86_400,
  secretTtlMaxSeconds: 2_592_000,
  maxViews: 100,
  authMode: 'open' as 'open' | 'oidc',
  passphraseRequired: false,
  sealedRequired: false,
  filesAllowed: true,
  recipientsRequired: false,
  /** Whether people can sign in, so that they can be named. */
  recipientsAllowed: false,
  recipientsMax: 20,
  claimLeaseSeconds: 60,
  passphraseAttempts: 5,
  passphraseLockSeconds: 900,
  passphraseMaxCharacters: 256,
  /** Of all files of a secret together. */
  fileMaxBytes: 524_288_000,
  fileCountMax: 100,
  /** Lower case, without dots; null when every one is allowed. */
  fileExtensions: null as readonly string[] | null,
  fileLeaseSeconds: 600,
};

/** Milliseconds after which a request counts as a broken connection; a claim makes asking again safe. */
export const REQUEST_TIMEOUT_MS = 20_000;
