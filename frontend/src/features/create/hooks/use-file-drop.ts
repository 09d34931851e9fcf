import { useEffect, useEffectEvent, useState } from 'react';

/** Dropped or pasted files, and the number of folders, which a page cannot read as one. */
export interface Offered {
  files: File[];
  folders: number;
}

const carriesFiles = (data: DataTransfer | null): data is DataTransfer =>
  data?.types.includes('Files') ?? false;

function offeredBy(data: DataTransfer): Offered {
  const items = [...(data.items ?? [])].filter(({ kind }) => kind === 'file');
  const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry?.()?.isDirectory ?? false;
  if (items.length === 0) return { files: [...data.files], folders: 0 };
  const folders = items.filter(isFolder).length;
  const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile());
  return { files: files.filter((file) => file !== null), folders };
}

/** Word processors add a picture of the text; then the text is meant. */
const meansText = ({ types }: DataTransfer): boolean =>
  types.includes('text/plain') && (types.includes('text/html') || types.includes('text/rtf'));

/**
 * Files dropped or pasted anywhere on the page. Without this the browser would leave the page for a dropped file.
 * @returns whether files are being dragged over the page right now
 */
export function useFileDrop(onOffered: (offered: Offered) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const offer = useEffectEvent(onOffered);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      setDragging(true);
    };
    // Moving between elements fires it, too; only outside there is no related element.
    const leave = (event: DragEvent) => {
      if (!event.relatedTarget) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      setDragging(false);
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      offer(offeredBy(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent) => {
      if (!carriesFiles(event.clipboardData) || meansText(event.clipboardData)) return;
      event.preventDefault();
      offer(offeredBy(event.clipboardData));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, []);
  return dragging;
}
