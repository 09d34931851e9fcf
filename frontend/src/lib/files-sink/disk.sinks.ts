import { type FileSink, onDisk } from './files-sink';
import { handOut } from './hand-out';
import { writeFile } from './written-file';

/**
 * Writes to a file of this page's own, then gives it to the reader as a download: no more than a piece of it is ever in
 * memory. The browser copies it; the file itself is removed afterwards. @throws SinkError
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

/** Writes right to where the reader chose. Until it is finished, the browser keeps it apart. @throws SinkError */
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
