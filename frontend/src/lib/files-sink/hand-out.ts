import type { Again } from './files-sink';

/**
 * Milliseconds for which the browser may read a file after the click: it may be asking the reader where to put it, who
 * may want it again after having closed that question. After that the bytes are let go.
 */
export const HAND_OUT_MS = 600_000;

/** Gives a file to the reader as a download: always as an attachment, never shown. @param onLetGo called once */
export function handOut(content: Blob, name: string, onLetGo: () => void = () => undefined): Again {
  // Without a type of its own: nothing may take it for a page or a picture.
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
