import { useEffect, useState, useSyncExternalStore } from 'react';
import { openSink } from '../../../lib/files-sink/open-sink';
import { DownloadManager } from '../download/download-manager';
import type { OpenedFiles } from '../reveal.model';

/** The downloads of this page. They end with it. */
export function useDownloadManager({ access, manifest }: OpenedFiles) {
  const [desk] = useState(() => new DownloadManager(access, manifest.files, openSink));
  const state = useSyncExternalStore(desk.subscribe, desk.state);
  useEffect(() => () => desk.close(), [desk]);
  return { desk, ...state };
}
