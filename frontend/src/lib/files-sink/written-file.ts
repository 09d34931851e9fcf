import { onDisk } from './files-sink';

/** A write to disk is a message to another process: fewer, larger ones. */
const WRITE_BYTES = 1_048_576;

/** A file that is being written; the browser keeps it in a temporary file until it is closed. */
export interface WrittenFile {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** Starts a file from the beginning. @throws SinkError */
export async function writeFile(handle: FileSystemFileHandle): Promise<WrittenFile> {
  const stream = await onDisk(() => handle.createWritable());
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let gathered = 0;

  const flush = async () => {
    if (gathered === 0) return;
    const block = new Blob(pieces);
    pieces = [];
    gathered = 0;
    await onDisk(() => stream.write(block));
  };

  return {
    async write(bytes) {
      pieces.push(bytes);
      gathered += bytes.length;
      if (gathered >= WRITE_BYTES) await flush();
    },
    async close() {
      await flush();
      await onDisk(() => stream.close());
    },
    // A stream that has failed is aborted already.
    abort: () => stream.abort().catch(() => undefined),
  };
}
