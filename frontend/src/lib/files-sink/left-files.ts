import { localStore } from '../storage';
import { LEFT_FILES } from './left-mark';

/** Removes what downloads of tabs that are gone have left on the disk, whichever page is visited next. */
export async function sweepLeftFiles(): Promise<void> {
  if (localStore.get(LEFT_FILES) === undefined) return;
  const { sweepPrivateFiles } = await import('./private-files');
  await sweepPrivateFiles();
}
