const ADDRESS = /^[\u0021-\u003f\u0041-\u007e]+@[a-z0-9.-]+$/;
const LONGEST_ADDRESS = 254;

/**
 * The form in which addresses are compared: ASCII in lower case. Others are refused: lower-casing all of Unicode would
 * make different people's addresses equal (the Kelvin sign becomes k).
 * @returns undefined when it is no such address
 */
export function normalEmail(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.length > LONGEST_ADDRESS) return undefined;
  const lower = raw.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return ADDRESS.test(lower) ? lower : undefined;
}
