import { localStore } from '../storage';

/** In the browser's storage: files of a download may lie around, so that visits without any need not look. */
export const LEFT_FILES = 'burnbag.files';

/** Removes what downloads of tabs that are gone have left on the disk, whichever page is visited next. */
export async function sweepLeftFiles(): Promise<void> {
  if (localStore.get(LEFT_FILES) === undefined) return;
  const { sweepPrivateFiles } = await import('./private-files');
  await sweepPrivateFiles();
}
