import { earlyText } from './early-field';

/** Number of components with unsaved content. */
let holders = 0;
const listeners = new Set<() => void>();

function change(by: number): void {
  holders += by;
  for (const listener of listeners) listener();
}

/** Whether leaving the page would lose something. */
export const isUnsaved = (): boolean => holders > 0 || earlyText() !== '';

/** Counts one more component with unsaved content. @returns ends it; to be called once */
export function holdUnsaved(): () => void {
  change(1);
  return () => change(-1);
}

/** @returns unsubscribes */
export function subscribeUnsaved(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
