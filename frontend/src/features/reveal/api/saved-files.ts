import { sessionStore } from '../../../lib/storage';

/**
 * `saved`: known to be in the reader's folder. `handed`: given to the browser as a download, not confirmed
 * yet.
 */
type Kind = 'saved' | 'handed';

const keyOf = (kind: Kind, id: string): string => `burnbag.${kind}.${id.toLowerCase()}`;

/**
 * Numbers of files per secret, in the storage of this tab: a reload must not lose them. Names are not stored.
 */
export const savedFiles = {
  of: (kind: Kind, id: string): number[] =>
    (sessionStore.get(keyOf(kind, id)) ?? '')
      .split(',')
      .filter((part) => /^\d+$/.test(part))
      .map(Number),

  keep: (kind: Kind, id: string, indexes: Iterable<number>): void =>
    sessionStore.set(keyOf(kind, id), [...indexes].join(',')),

  drop(id: string): void {
    sessionStore.remove(keyOf('saved', id));
    sessionStore.remove(keyOf('handed', id));
  },
};
