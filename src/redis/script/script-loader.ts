import { readFileSync } from 'node:fs';

const INCLUDES = new URL('./include/', import.meta.url);
const INCLUDE = /^-- @include (\w+)$/gm;

function read(path: string, folder: string | URL): string {
  return readFileSync(new URL(path, folder), 'utf8');
}

/**
 * The source of `<name>.lua` with its includes in place.
 * @param from URL of the script's folder or of a module in it
 * @param withFlags whether the server knows the `#!lua` line (Redis 7 and newer); older ones refuse it
 */
export function loadScript(name: string, from: string, withFlags: boolean): string {
  const source = read(`${name}.lua`, from).replace(INCLUDE, (_, include: string) =>
    read(`${include}.lua`, INCLUDES).trimEnd(),
  );
  return withFlags ? source : source.replace(/^#!lua.*\n/, '');
}
