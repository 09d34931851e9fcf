/** Every hit in the comments and messages of a file. */
export function findDialect(
  file: string,
  source: string,
): { readonly file: string; readonly line: number; readonly phrase: string }[];
/** Words of all comments of a file. */
export function countWords(file: string, source: string): number;
