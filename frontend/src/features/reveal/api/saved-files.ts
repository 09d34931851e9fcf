import { sessionStore } from '../../../lib/storage';

const keyOf = (id: string): string => `burnbag.saved.${id.toLowerCase()}`;

/** Which files of a secret this tab has saved, by number: a reload must not forget that, and names are kept nowhere. */
export const savedFiles = {
  of: (id: string): number[] =>
    (sessionStore.get(keyOf(id)) ?? '')
      .split(',')
      .filter((part) => /^\d+$/.test(part))
      .map(Number),
  keep: (id: string, indexes: readonly number[]): void => sessionStore.set(keyOf(id), indexes.join(',')),
  drop: (id: string): void => sessionStore.remove(keyOf(id)),
};
