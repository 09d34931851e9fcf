import type { SentFile } from '../manifest';

/** For each file that is needed, the one that was chosen for it. */
export type FoundFiles = readonly (File | undefined)[];

const same = (needed: SentFile, file: File): boolean =>
  needed.name === file.name.toWellFormed() && needed.size === file.size;

/**
 * Finds the files of an interrupted upload among those that were chosen. Whether they also hold the same is found out
 * by reading them.
 * @returns what is found so far, and the names of files that are none of them
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
