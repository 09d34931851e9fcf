import type { Again } from './files-sink';

/**
 * Milliseconds for which the browser may read a file after the click: it may be asking the reader for a
 * folder, and the reader may cancel and try again. After that the bytes are released.
 */
export const HAND_OUT_MS = 600_000;

/** Gives a file to the reader as a download, never shown inline. @param onLetGo called once */
export function handOut(content: Blob, name: string, onLetGo: () => void = () => undefined): Again {
  // Without its own type: it must not be rendered as a page or a picture.
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  let held = true;
  setTimeout(() => {
    held = false;
    URL.revokeObjectURL(url);
    onLetGo();
  }, HAND_OUT_MS);
  const give = (): boolean => {
    if (!held) return false;
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    return true;
  };
  give();
  return give;
}
