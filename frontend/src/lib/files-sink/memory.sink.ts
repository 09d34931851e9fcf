import { type FileSink, SinkError } from './files-sink';
import { handOut } from './hand-out';

/** Bytes; browsers keep larger blobs on disk, but not all of them, and phones kill the page instead. */
export const MEMORY_LIMIT_BYTES = 536_870_912;

/** For browsers without writable files: collects the file in blobs. @throws SinkError */
export function memorySink(name: string, size: number): FileSink {
  if (size > MEMORY_LIMIT_BYTES) throw new SinkError('tooLarge');
  let blob = new Blob();
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let gathered = 0;
  const fold = () => {
    blob = new Blob([blob, ...pieces]);
    pieces = [];
    gathered = 0;
  };
  return {
    async write(bytes) {
      pieces.push(bytes);
      gathered += bytes.length;
      if (gathered < 4_194_304) return;
      fold();
      // Yields, so that the page is rendered.
      await new Promise((resolve) => setTimeout(resolve));
    },
    async finish() {
      fold();
      return { confirmed: false, again: handOut(blob, name) };
    },
    async abandon() {
      blob = new Blob();
      pieces = [];
    },
  };
}
