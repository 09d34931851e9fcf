import { PASSWORD_MAX_CHARACTERS, PASSWORD_MIN_CHARACTERS } from '@burnbag/contract';

/** @returns the fault of a chosen password, or undefined */
export function passwordProblem(password: string): string | undefined {
  const characters = [...password.normalize('NFC')].length;
  if (characters === 0) return 'there is no password';
  if (characters < PASSWORD_MIN_CHARACTERS)
    return `the password has ${characters} characters: at least ${PASSWORD_MIN_CHARACTERS} are needed`;
  if (characters > PASSWORD_MAX_CHARACTERS)
    return `the password has more than ${PASSWORD_MAX_CHARACTERS} characters`;
  if (!password.isWellFormed() || password.includes('\u{fffd}')) return 'the password is not valid UTF-8';
  // oxlint-disable-next-line no-control-regex -- these cannot be typed into a form
  if (/[\u0000-\u001f\u007f]/.test(password))
    return 'the password holds a control character, or a second line';
  if (new Set(password).size === 1) return 'the password repeats one character';
  return undefined;
}
