/** One setting: its source, meaning and parser. `.env.example` is rendered from these. */
export interface ConfigField<T> {
  readonly env: string;
  readonly doc: string;
  readonly fallback: T;
  /** Also read from the file that `NAME_FILE` names (Docker and Kubernetes secrets). */
  readonly secret?: boolean;
  /** @throws Error whose message says what is wrong and what is allowed; it must not repeat a secret. */
  readonly parse: (raw: string) => T;
}

export type ConfigArea = Readonly<Record<string, ConfigField<unknown>>>;
export type AreaValues<A extends ConfigArea> = {
  readonly [K in keyof A]: A[K] extends ConfigField<infer T> ? T : never;
};
export type Environment = Readonly<Record<string, string | undefined>>;

type FieldOptions<T> = { env: string; doc: string; fallback: T; secret?: boolean };

/** A whole number within bounds (inclusive). */
export function wholeNumber(o: FieldOptions<number> & { min: number; max: number }): ConfigField<number> {
  return {
    ...o,
    parse: (raw) => {
      const value = Number(raw);
      if (!/^\d+$/.test(raw) || value < o.min || value > o.max) {
        throw new Error(`must be a whole number from ${o.min} to ${o.max}`);
      }
      return value;
    },
  };
}

/** A share, 0 to 1 (inclusive). */
export function fraction(o: FieldOptions<number>): ConfigField<number> {
  return {
    ...o,
    parse: (raw) => {
      const value = Number(raw);
      if (!/^\d+(\.\d+)?$/.test(raw) || value > 1) throw new Error('must be a number from 0 to 1');
      return value;
    },
  };
}

/** One of a few words. */
export function oneOf<const T extends string, const F extends T | undefined>(
  o: { env: string; doc: string; fallback: F } & { values: readonly T[] },
): ConfigField<T | F> {
  return {
    ...o,
    parse: (raw) => {
      const found = o.values.find((value) => value === raw);
      if (found === undefined) throw new Error(`must be one of ${o.values.join(', ')}`);
      return found;
    },
  };
}

/** Any text; `check` may refuse it with a message. */
export function text<const F extends string | undefined>(
  o: { env: string; doc: string; fallback: F; secret?: boolean } & {
    check?: (raw: string) => string | undefined;
  },
): ConfigField<string | F> {
  return {
    ...o,
    parse: (raw) => {
      const problem = o.check?.(raw);
      if (problem !== undefined) throw new Error(problem);
      return raw;
    },
  };
}
