import { lineAt, readProse } from './prose.mjs';

/** Archaic words, private idioms and verse; standard terms exist for each of them. */
const PHRASES = [
  'somebody( else)?',
  'nobody',
  'everybody',
  'whoever',
  'whom',
  'whose is',
  'anew',
  'for good',
  'for ever',
  'so many',
  'so long as',
  'once more',
  'again and again',
  'lest',
  'ere',
  'till',
  'hence',
  'whence',
  'hither',
  'thither',
  'wherein',
  'whereof',
  'wherewith',
  'where[ut]o',
  '(?:there|here)(?:of|in|with|upon|to)',
  'nay',
  'naught',
  'nought',
  'aught',
  'yonder',
  'amid(st)?',
  'betwixt',
  'unto',
  'upon',
  'of itself',
  'of its own accord',
  '(?<!there )(?:is|are|was|were|be|been) no (?!longer\\b|more than\\b|less than\\b|later than\\b)[a-z-]+',
  'want of',
  'in vain',
  'in earnest',
  '(?:cometh|goeth|giveth|taketh|knoweth|sayeth|hath|doth)',
  'bury|buries',
  'goes? round',
  'as good as',
  'nothing is said',
  'what (?:became|becomes|is left) of',
  'knows? (?:of|nothing)',
];

const DIALECT = new RegExp(
  `(?<![\\w-]|\\w')(?:${PHRASES.join('|').replaceAll(' ', ' +')})(?![\\w-]|'\\w)`,
  'gi',
);

/** @returns {{file: string, line: number, phrase: string}[]} every hit in the comments and messages of a file */
export function findDialect(file, source) {
  return readProse(file, source).flatMap(({ kind, start, text }) =>
    // A single word in quotes is a value, such as a user of the system, and not a message.
    kind === 'message' && !text.trim().includes(' ')
      ? []
      : [...joinLines(text).matchAll(DIALECT)].map((hit) => ({
          file,
          line: lineAt(source, start + hit.index),
          phrase: hit[0].replace(/ +/g, ' '),
        })),
  );
}

/** @returns {number} words of all comments of a file */
export function countWords(file, source) {
  return readProse(file, source)
    .filter(({ kind }) => kind === 'comment')
    .reduce((sum, { text }) => sum + (text.match(/[A-Za-z][A-Za-z'-]*/g)?.length ?? 0), 0);
}

/** Replaces line ends and comment marks with blanks of the same length, so that phrases match across lines. */
function joinLines(text) {
  return text.replace(/\n\s*(?:\*|--|\/\/)? ?/g, (gap) => ' '.repeat(gap.length));
}
