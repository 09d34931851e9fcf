import { useEffect, useState, useSyncExternalStore } from 'react';
import { openSink } from '../../../lib/files-sink/open-sink';
import { FileDesk } from '../download/file-desk';
import type { OpenedFiles } from '../reveal.model';

/** The downloads of this page. They end with it. */
export function useFileDesk({ access, manifest }: OpenedFiles) {
  const [desk] = useState(() => new FileDesk(access, manifest.files, openSink));
  const state = useSyncExternalStore(desk.subscribe, desk.state);
  useEffect(() => () => desk.close(), [desk]);
  return { desk, ...state };
}
