import { type FileSink, onDisk } from './files-sink';
import { handOut } from './hand-out';
import { writeFile } from './written-file';

/**
 * Writes to a private file of this page, then gives it to the reader as a download: at most a piece of it is
 * in memory. The browser copies it; the file itself is removed afterwards. @throws SinkError
 */
export async function privateFileSink(folder: FileSystemDirectoryHandle, name: string): Promise<FileSink> {
  // Its own name would be written to disk too.
  const entry = crypto.randomUUID();
  const handle = await onDisk(() => folder.getFileHandle(entry, { create: true }));
  const remove = () => folder.removeEntry(entry).catch(() => undefined);
  const file = await writeFile(handle);
  return {
    write: (bytes) => file.write(bytes),
    async finish() {
      await file.close();
      const content = await onDisk(() => handle.getFile());
      return { confirmed: false, again: handOut(content, name, () => void remove()) };
    },
    async abandon() {
      await file.abort();
      await remove();
    },
  };
}

/**
 * Writes directly to the place that the reader chose. Until it is finished, the browser keeps it in a
 * temporary file. @throws SinkError
 */
export async function pickedFileSink(handle: FileSystemFileHandle): Promise<FileSink> {
  const file = await writeFile(handle);
  return {
    write: (bytes) => file.write(bytes),
    async finish() {
      await file.close();
      return { confirmed: true };
    },
    abandon: () => file.abort(),
  };
}
