const ADDRESS = /^[\u0021-\u003f\u0041-\u007e]+@[a-z0-9.-]+$/;
/** In UTF-16 units. */
export const EMAIL_MAX_LENGTH = 254;
/** What `normalEmail` takes, in either case, for the OpenAPI document. */
export const EMAIL_PATTERN = '^[!-?A-~]+@[A-Za-z0-9.-]+$';

/**
 * The form in which e-mail addresses are compared: ASCII in lower case. Others are refused: lower-casing all
 * of Unicode would make e-mail addresses of different people equal (the Kelvin sign becomes k).
 * @returns undefined for anything else
 */
export function normalEmail(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.length > EMAIL_MAX_LENGTH) return undefined;
  const lower = raw.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return ADDRESS.test(lower) ? lower : undefined;
}
