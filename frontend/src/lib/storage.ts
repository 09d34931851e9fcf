/** Web storage that never throws: when it is blocked, values live as long as the page. */
export interface SafeStorage {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

type Area = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

function inMemory(): Area {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** @param open accesses the browser's storage, which throws when it is blocked */
export function safeStorage(open: () => Area): SafeStorage {
  const memory = inMemory();
  const run = <T>(act: (area: Area) => T): T => {
    try {
      return act(open());
    } catch {
      return act(memory);
    }
  };
  return {
    get: (key) => run((area) => area.getItem(key)) ?? undefined,
    set: (key, value) => run((area) => area.setItem(key, value)),
    remove: (key) => run((area) => area.removeItem(key)),
  };
}

export const localStore = safeStorage(() => localStorage);
export const sessionStore = safeStorage(() => sessionStorage);
