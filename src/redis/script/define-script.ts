import { createHash } from 'node:crypto';

import { readScript, ScriptSourceError, type ArgumentKind } from './script-source.js';

/** Reply of a script: a tag and its values, as Redis sends them. */
export type ScriptReply = readonly (Buffer | number)[];

export type ArgumentKinds = Readonly<Record<string, ArgumentKind>>;
interface Values {
  text: string | Buffer;
  'text?': string | Buffer | undefined;
  number: number;
  'number?': number | undefined;
  flag: boolean;
}
/** The arguments of a script by their names. */
export type ScriptArguments<A extends ArgumentKinds> = { readonly [N in keyof A]: Values[A[N]] };
export type ScriptKeys<K extends string> = Readonly<Record<K, string>>;

interface ScriptOptions<K extends string, A extends ArgumentKinds, R> {
  /** As in the header of the script, and in its order. */
  readonly keys: readonly K[];
  /** Likewise; `attemptsMax` is `attempts_max` there. */
  readonly args: A;
  readonly parse: (reply: ScriptReply) => R;
  /** Answered only when BURN_QUORUM replicas hold its writes. */
  readonly durable?: boolean;
  /**
   * Refused unless the server is known to be as far as the audit trail: it may hold an old state of secrets.
   */
  readonly gated?: boolean;
}

interface ScriptText {
  readonly text: string;
  readonly sha: string;
}

/** One of our Lua scripts: read and checked, with typed keys, arguments and reply. */
export interface Script<K extends string, A extends ArgumentKinds, R> extends ScriptOptions<K, A, R> {
  readonly name: string;
  readonly argNames: readonly string[];
  readonly source: ScriptText;
  /** For servers before Redis 7, which do not know the `#!lua` line. */
  readonly sourceWithoutFlags: ScriptText;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function withSha(text: string): ScriptText {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/**
 * Declares the script of `<name>.lua`, when its module is loaded: a portal with a broken script does not start.
 * @param from `import.meta.url` of a module in the script's folder
 * @throws ScriptSourceError when the file is broken, or declares other keys or arguments
 */
export function defineScript<const K extends string, const A extends ArgumentKinds, R>(
  from: string,
  name: string,
  options: ScriptOptions<K, A, R>,
): Script<K, A, R> {
  const { keys, args, text } = readScript(name, from);
  const declared = [
    ...options.keys.map((key) => `${snakeCase(key)}_key`),
    ...Object.entries(options.args).map(([arg, kind]) => `${snakeCase(arg)} ${kind}`),
  ].join(', ');
  const found = [...keys.map((key) => `${key}_key`), ...args.map((each) => each.join(' '))].join(', ');
  if (declared !== found)
    throw new ScriptSourceError(`script ${name} takes ${found}; its caller declares ${declared}`);
  return {
    ...options,
    name,
    argNames: Object.keys(options.args),
    source: withSha(text),
    sourceWithoutFlags: withSha(text.replace(/^#!lua.*\n/, '')),
  };
}
