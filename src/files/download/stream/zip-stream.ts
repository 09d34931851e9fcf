import { makeZip, predictLength } from 'client-zip';

/** One file in an archive. */
export interface ZipEntry {
  /** Sanitised and unique. */
  readonly name: string;
  /** Exactly as many bytes as `open` yields. */
  readonly size: number;
  open(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** @returns bytes of the archive that `zipped` makes of the same names and sizes */
export function zipLength(entries: readonly Pick<ZipEntry, 'name' | 'size'>[]): number {
  return Number(predictLength(entries.map(({ name, size }) => ({ name, size }))));
}

/**
 * A zip archive (zip64 when necessary) of stored entries, made while it is read: one piece of one file is in
 * memory. Opens an entry when its turn comes, and closes it when the reader stops.
 * @param at the time of every entry (ms since the epoch), so that the same files make the same archive
 */
export async function* zipped(
  entries: readonly ZipEntry[],
  at: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const lastModified = new Date(at);
  let current: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  function* inputs() {
    for (const { name, size, open } of entries) {
      current = open();
      yield { name, size, lastModified, input: current };
    }
  }
  const reader = makeZip(inputs()).getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) {
      // Cancelling makes client-zip fail with the given reason, and leaves its source open.
      await reader.cancel().catch(() => undefined);
      await current?.return();
    }
  }
}
