import { readFileSync } from 'node:fs';

const INCLUDES = new URL('./include/', import.meta.url);
const INCLUDE = /^-- @include ([\w-]+)$/;
const NAME = /^[a-z][a-z0-9_]*$/;
const KINDS = ['text', 'text?', 'number', 'number?', 'flag'] as const;

/** How an argument is sent; with `?` it may be left out, and is '' (text) or nil (number) in the script. */
export type ArgumentKind = (typeof KINDS)[number];

/** A script of ours, as read from its file. */
export interface ScriptSource {
  /** In the order of KEYS; the script finds `record` in `record_key`. */
  readonly keys: readonly string[];
  /** In the order of ARGV, named as in the script. */
  readonly args: readonly (readonly [name: string, kind: ArgumentKind])[];
  /** With includes, and a local variable for each key and argument. */
  readonly text: string;
}

/** A script whose file breaks the rules of docs/redis.md. */
export class ScriptSourceError extends Error {
  override name = 'ScriptSourceError';
}

interface Include {
  readonly needs: readonly string[];
  readonly gives: readonly string[];
  readonly text: string;
}

function isKind(word: string | undefined): word is ArgumentKind {
  return KINDS.some((kind) => kind === word);
}

/** The words behind a tag: those of one line, parted by commas. */
function listOf(text: string, tag: string): string[] {
  const line = text.split('\n').find((each) => each.startsWith(`-- ${tag} `));
  return line === undefined ? [] : line.slice(`-- ${tag} `.length).trim().split(/, */);
}

function readInclude(name: string): Include {
  const text = readFileSync(new URL(`${name}.lua`, INCLUDES), 'utf8').trimEnd();
  const [needs, gives] = [listOf(text, '@needs'), listOf(text, '@gives')];
  if (gives.length === 0) throw new ScriptSourceError(`include ${name} does not say what it gives`);
  for (const given of gives)
    if (!new RegExp(`^local (function )?[^=(]*\\b${given}\\b`, 'm').test(text))
      throw new ScriptSourceError(`include ${name} says that it gives ${given}, and does not`);
  return { needs, gives, text };
}

/** Reads ARGV[at] as its kind says. */
function valueOf(kind: ArgumentKind, at: number): string {
  if (kind === 'flag') return `ARGV[${at}] == '1'`;
  return kind.startsWith('number') ? `tonumber(ARGV[${at}])` : `ARGV[${at}]`;
}

/** The names that a line of the script itself declares. */
function localsOf(line: string): string[] {
  const [, names] = /^local (?!function)([\w, ]+?)(?: =|$)/.exec(line) ?? [];
  return names?.split(/, */) ?? [];
}

/**
 * Reads `<name>.lua` and checks its header: what is declared is used, what an include needs is there, and
 * nothing is read from KEYS or ARGV past it.
 * @param from URL of the script's folder or of a module in it
 * @throws ScriptSourceError
 */
export function readScript(name: string, from: string): ScriptSource {
  const fail = (reason: string): never => {
    throw new ScriptSourceError(`script ${name}: ${reason}`);
  };
  const lines = readFileSync(new URL(`${name}.lua`, from), 'utf8')
    .trimEnd()
    .split('\n');
  const end = lines.findIndex((line) => !/^(#!lua|-- (?!@include))/.test(line));
  const [header, body] = [lines.slice(0, end), lines.slice(end)];
  const keys = header.flatMap((line) => /^-- @key +(\S+)/.exec(line)?.[1] ?? []);
  const args = header.flatMap((line): [string, ArgumentKind][] => {
    const [found, arg = '', kind] = /^-- @arg +(\S+) +(\S+)/.exec(line) ?? [];
    if (found === undefined) return [];
    return isKind(kind) ? [[arg, kind]] : fail(`argument ${arg} is of no known kind`);
  });
  const known = [...keys.map((key) => `${key}_key`), ...args.map(([arg]) => arg)];

  if (!header[0]?.startsWith('#!lua')) fail('the first line is not #!lua');
  if (keys.length === 0) fail('no @key');
  if (!header.some((line) => line.startsWith('-- @returns '))) fail('no @returns');
  for (const each of known) if (!NAME.test(each)) fail(`${each} is not a name`);
  if (new Set(known).size < known.length) fail('two keys or arguments have one name');

  const scope = new Set(known);
  const parts = body.map((line) => {
    const include = INCLUDE.exec(line)?.[1];
    for (const local of include === undefined ? localsOf(line) : []) scope.add(local);
    if (include === undefined) return line;
    const { needs, gives, text } = readInclude(include);
    for (const need of needs) if (!scope.has(need)) fail(`include ${include} needs ${need}`);
    for (const given of gives) scope.add(given);
    return text;
  });
  const rest = parts.join('\n');
  if (/\b(KEYS|ARGV)\b/.test(rest)) fail('it reads KEYS or ARGV beside its header');
  for (const [arg] of args) if (!new RegExp(`\\b${arg}\\b`).test(rest)) fail(`${arg} is not used`);

  const locals = [
    ...keys.map((key, at) => `local ${key}_key = KEYS[${at + 1}]`),
    ...args.map(([arg, kind], at) => `local ${arg} = ${valueOf(kind, at + 1)}`),
  ];
  return { keys, args, text: [...header, ...locals, rest, ''].join('\n') };
}
