import { KeySourceError } from '../crypto.errors.js';

/** A line of a key file: an entry with its comment, or a comment. */
interface Line {
  readonly entry?: string;
  readonly rest: string;
}

/** Entries that share a line get one each; comments remain in place. */
function linesOf(spec: string): Line[] {
  return spec
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      const hash = line.indexOf('#');
      const comment = hash < 0 ? '' : line.slice(hash);
      const entries = (hash < 0 ? line : line.slice(0, hash))
        .split(',')
        .map((text) => text.trim())
        .filter((text) => text !== '');
      if (entries.length === 0) return [{ rest: line }];
      return entries.map((entry, at) => ({
        entry,
        rest: at === entries.length - 1 && comment !== '' ? ` ${comment}` : '',
      }));
    });
}

function textOf(lines: readonly Line[]): string {
  return `${lines.map(({ entry = '', rest }) => `${entry}${rest}`).join('\n')}\n`;
}

function placeOf(lines: readonly Line[], id: number): number {
  const at = lines.findIndex(({ entry }) => entry?.startsWith(`${id}:`));
  if (at < 0) throw new KeySourceError(`there is no entry of key ${id}`);
  return at;
}

/** @returns the spec with another entry, which only opens: the last one stays the primary */
export function withEntry(spec: string, entry: string): string {
  const lines = linesOf(spec);
  const last = lines.findLastIndex((line) => line.entry !== undefined);
  return textOf([...lines.slice(0, last), { entry, rest: '' }, ...lines.slice(last)]);
}

/** @returns the spec with the entry of a key as the last one, which seals @throws KeySourceError */
export function withPrimary(spec: string, id: number): string {
  const lines = linesOf(spec);
  const at = placeOf(lines, id);
  return textOf([...lines.slice(0, at), ...lines.slice(at + 1), ...lines.slice(at, at + 1)]);
}

/** @returns the spec with another text for a key @throws KeySourceError */
export function withReplaced(spec: string, id: number, entry: string): string {
  const lines = linesOf(spec);
  const at = placeOf(lines, id);
  return textOf(lines.map((line, place) => (place === at ? { ...line, entry } : line)));
}
