import { useEffect } from 'react';

/** Names the browser tab. The title never holds anything of a secret. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Burnbag`;
  }, [title]);
}
