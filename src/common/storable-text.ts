import { hash } from 'node:crypto';

/** Characters that PostgreSQL cannot store in text or jsonb: NUL, and halves of surrogate pairs. */
const UNSTORABLE = /[\0\p{Cs}]/gu;
/** The same, and the backslash of text that already looks like one of our escapes. */
const AMBIGUOUS = /[\0\p{Cs}]|\\(?=u[0-9a-f]{4})/gu;
const ESCAPE = /\\u([0-9a-f]{4})/g;

/** An index of PostgreSQL takes rows of 2,704 bytes; OpenID Connect allows a subject of 255 characters. */
const NAME_MAX_CHARACTERS = 255;
const PREFIX_CHARACTERS = 200;
const SHORTENED = /…sha256:[\w-]{43}$/;

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The text in a form that PostgreSQL can store: NUL and lone surrogates become `\u0000` and the like, in six
 * characters.
 */
export function storableText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replace(UNSTORABLE, escapeUnit);
}

/**
 * The name of a person or thing in a form that the audit trail can store and index. Different names stay
 * different: a name that holds `\u` and four hex digits is escaped as well, so that {@link originalName}
 * undoes it; one of more than 255 characters becomes its beginning and its SHA-256.
 */
export function storableName(name: string): string {
  const escaped = name.replace(AMBIGUOUS, escapeUnit);
  if (escaped.length <= NAME_MAX_CHARACTERS && !SHORTENED.test(escaped)) return escaped;
  const prefix = storableText(escaped.slice(0, PREFIX_CHARACTERS)).slice(0, PREFIX_CHARACTERS);
  return `${prefix}…sha256:${hash('sha256', Buffer.from(name, 'utf16le'), 'base64url')}`;
}

/** The name that {@link storableName} was given, unless that was shortened. */
export function originalName(stored: string): string {
  return stored.replace(ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
