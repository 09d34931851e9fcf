import { useEffect } from 'react';

/** Sets the title of the tab, which never holds anything of a secret. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Burnbag`;
  }, [title]);
}
