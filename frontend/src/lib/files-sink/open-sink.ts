import { pickedFileSink, privateFileSink } from './disk.sinks';
import type { FileSink } from './files-sink';
import { memorySink } from './memory.sink';
import { privateFolder } from './private-files';

/** The part of the File System Access API that TypeScript does not know yet; Chromium has it. */
type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
const picker = (): Picker | undefined =>
  (globalThis as { showSaveFilePicker?: Picker }).showSaveFilePicker?.bind(globalThis);

/** Whether the reader can choose where to save. */
export const canPick = (): boolean => picker() !== undefined;

/**
 * Asks where to save; needs a click just before.
 * @returns undefined when the reader cancelled
 */
export async function pickPlace(name: string): Promise<FileSystemFileHandle | undefined> {
  try {
    return await picker()?.({ suggestedName: name });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return undefined;
    throw error;
  }
}

/**
 * The best sink that this browser supports.
 * @param name safe to save under @param size bytes @param place the reader's choice, if asked @throws
 * SinkError
 */
export async function openSink(name: string, size: number, place?: FileSystemFileHandle): Promise<FileSink> {
  if (place) return pickedFileSink(place);
  const folder = await privateFolder();
  return folder ? privateFileSink(folder, name) : memorySink(name, size);
}
