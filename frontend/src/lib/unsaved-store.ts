import { earlyText } from './early-field';

/** How many parts of the page hold what leaving it would lose. */
let holders = 0;
const listeners = new Set<() => void>();

function change(by: number): void {
  holders += by;
  for (const listener of listeners) listener();
}

/** Whether leaving the page would lose something. */
export const isUnsaved = (): boolean => holders > 0 || earlyText() !== '';

/** Counts one more part of the page that holds unsaved content. @returns how to count it no longer; to be called once */
export function holdUnsaved(): () => void {
  change(1);
  return () => change(-1);
}

/** @returns how to stop listening */
export function subscribeUnsaved(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
