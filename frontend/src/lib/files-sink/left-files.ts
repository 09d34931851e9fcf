import { localStore } from '../storage';
import { LEFT_FILES } from './orphan-key';

/** Removes files that downloads of closed tabs have left on the disk, on the next visit of any page. */
export async function sweepLeftFiles(): Promise<void> {
  if (localStore.get(LEFT_FILES) === undefined) return;
  const { sweepPrivateFiles } = await import('./private-files');
  await sweepPrivateFiles();
}
