import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobGrain } from '../../src/files/store/blob-store.port.js';

/** The grain of the chunked envelope. */
export const GRAIN: BlobGrain = { head: 22, unit: 65_564 };

/** What the child of these tests writes at any offset: so the expected bytes are known. */
export function patternBytes(from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  for (let at = from; at < to; at += 1) bytes[at - from] = (at * 31 + (at >>> 8)) % 251;
  return bytes;
}

export const border = (units: number): number => GRAIN.head + units * GRAIN.unit;

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'burnbag-blobs-'));

/** Every file and folder below, sorted, without the lock. */
export function everythingIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.filter((name) => !name.includes('burnbag.lock')).sort();
}

const here = (name: string) => new URL(name, import.meta.url).pathname;
const NODE = [
  process.execPath,
  '--no-warnings',
  '--experimental-transform-types',
  '--import',
  here('ts-hooks.mjs'),
];

/** @param around a command that runs the rest of its arguments, for instance with a limit */
export function blobChild(args: string[], around: string[] = []): ChildProcess {
  const [command = '', ...rest] = [...around, ...NODE, here('blob-child.ts'), ...args];
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The exit code, and all that the child said. */
export async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}
