import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = process.env['BB_MAIN'] ?? fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const CLI = join(MAIN, '..', 'cli.js');

export interface CliAnswer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. */
export interface RunningCli {
  readonly done: Promise<CliAnswer>;
  /** SIGKILL; its code is null then. */
  kill9(): void;
}

/** Starts a command as the operator's shell does, with nothing in its environment but what is given. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCli {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { done, kill9: () => void child.kill('SIGKILL') };
}

/** Runs a command to its end; see {@link startCli}. */
export function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliAnswer> {
  return startCli(args, env).done;
}
