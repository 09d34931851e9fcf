import { useEffect, useEffectEvent } from 'react';
import { decodeUtf8 } from '../../../lib/text';

/** Why a dropped file was not taken. */
export type DropRefusal = 'tooLong' | 'noText';

interface Handlers {
  maxBytes: number;
  onText: (text: string) => void;
  onRefused: (why: DropRefusal) => void;
}

async function take(file: File, { maxBytes, onText, onRefused }: Handlers): Promise<void> {
  if (file.size > maxBytes) return onRefused('tooLong');
  const text = decodeUtf8(await file.arrayBuffer());
  return text === undefined ? onRefused('noText') : onText(text);
}

/** A text file dropped anywhere becomes the text. Without this the browser would leave the page for the file. */
export function useFileDrop(handlers: Handlers): void {
  const onFile = useEffectEvent((file: File) => void take(file, handlers));
  useEffect(() => {
    const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (carriesFile(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
}
