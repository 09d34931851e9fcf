const DAY_SECONDS = 86_400;

/** Longest passphrase, by every way in: JSON, form, header. In characters as `isLongerThan` counts them. */
export const PASSPHRASE_MAX_CHARACTERS = 256;
/** Longest life of a secret that an operator can allow. */
export const SECRET_TTL_MAX_SECONDS = 365 * DAY_SECONDS;
/** Most views of one secret: the record has one byte for them. */
export const VIEWS_MAX = 100;
export const RECIPIENTS_MAX = 20;

/** Random bytes of a claim, by which a reader asks again for the same view. Base64url in the API. */
export const CLAIM_BYTES = 16;
/** Of a proof, and of its SHA-256. Base64url in the API. */
export const PROOF_BYTES = 32;
/** Of the key in the link of a sealed secret. */
export const LINK_KEY_BYTES = 32;

/** Of a file as it is sent, in bytes of UTF-8: longer than file systems have them, and made safe when handed out. */
export const FILE_NAME_MAX_BYTES = 4_096;
export const FILE_TYPE_MAX_BYTES = 255;

/** Of an API token, in characters as `isLongerThan` counts them. */
export const TOKEN_NAME_MAX_CHARACTERS = 100;
export const TOKEN_TTL_MIN_SECONDS = 60;
/** Every token expires: so does a leaked one that was forgotten. */
export const TOKEN_TTL_MAX_SECONDS = 366 * DAY_SECONDS;
/** Most rows of one page of tokens. */
export const TOKEN_PAGE_MAX = 100;

/** Of the local administrator, in characters. */
export const USERNAME_MAX_CHARACTERS = 256;
export const PASSWORD_MIN_CHARACTERS = 12;
export const PASSWORD_MAX_CHARACTERS = 1_024;
