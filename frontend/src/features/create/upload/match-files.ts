import type { SentFile } from '../manifest';

/** For each needed file, the chosen one. */
export type FoundFiles = readonly (File | undefined)[];

const same = (needed: SentFile, file: File): boolean =>
  needed.name === file.name.toWellFormed() && needed.size === file.size;

/**
 * Finds the files of an interrupted upload among the chosen ones. Their content is compared when they are
 * read.
 * @returns what is found so far, and the names of unknown files
 */
export function matchFiles(
  needed: readonly SentFile[],
  found: FoundFiles,
  offered: readonly File[],
): { found: FoundFiles; strangers: string[] } {
  const places = needed.map((_, at) => found[at]);
  const strangers: string[] = [];
  for (const file of offered) {
    const free = needed.findIndex((wanted, at) => !places[at] && same(wanted, file));
    if (free >= 0) places[free] = file;
    else if (!needed.some((wanted) => same(wanted, file))) strangers.push(file.name);
  }
  return { found: places, strangers };
}
