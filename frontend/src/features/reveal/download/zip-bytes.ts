import { uniqueFileNames } from '@burnbag/contract';
import { makeZip, predictLength } from 'client-zip';
import type { FileEntry } from '../files.model';
import type { Bytes } from './file-source';

const meta = (files: readonly FileEntry[], at?: Date) => {
  const names = uniqueFileNames(files.map(({ name }) => name));
  return files.map(({ size }, index) => ({
    name: names[index] ?? '',
    size,
    ...(at ? { lastModified: at } : {}),
  }));
};

/** @returns bytes of the archive that {@link zipBytes} makes */
export const zipSize = (files: readonly FileEntry[]): number => Number(predictLength(meta(files)));

/**
 * A zip archive of stored files, made while it is read. @param contents one for each file, in order, as long as it
 * says @param at the time that the entries bear
 */
export async function* zipBytes(files: readonly FileEntry[], contents: Iterable<Bytes>, at: Date): Bytes {
  const entries = meta(files, at);
  let current: Bytes | undefined;
  function* inputs() {
    let index = 0;
    for (const input of contents) {
      current = input;
      const entry = entries[index++];
      if (entry) yield { ...entry, input };
    }
  }
  const reader = makeZip(inputs()).getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value as Uint8Array<ArrayBuffer>;
    }
  } finally {
    if (!ended) {
      await reader.cancel().catch(() => undefined);
      await current?.return();
    }
  }
}
