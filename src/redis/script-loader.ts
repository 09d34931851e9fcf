import { readFileSync } from 'node:fs';

const SCRIPTS = new URL('./scripts/', import.meta.url);
const INCLUDE = /^-- @include (\w+)$/gm;

function read(path: string): string {
  return readFileSync(new URL(path, SCRIPTS), 'utf8');
}

/**
 * The source of `scripts/<name>.lua` with its includes in place.
 * @param withFlags whether the server knows the `#!lua` line (Redis 7 and newer); older ones refuse it
 */
export function loadScript(name: string, withFlags: boolean): string {
  const source = read(`${name}.lua`).replace(INCLUDE, (_, include: string) =>
    read(`include/${include}.lua`).trimEnd(),
  );
  return withFlags ? source : source.replace(/^#!lua.*\n/, '');
}
