import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { parsePasswordHash } from '../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../src/auth/local-admin/password-hasher.js';
import { adminHash } from '../../src/cli/admin-hash.command.js';
import { runCommand } from '../../src/cli/run-command.js';

const PASSWORD = 'correct horse battery';
const LINE =
  /^ADMIN_PASSWORD_HASH='(\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43})'\n$/;

const here = (path: string) => new URL(path, import.meta.url);
const CHILD = `
  const { adminHashCommand } = await import(${JSON.stringify(here('../../src/cli/admin-hash.command.ts').href)});
  const { runCommand } = await import(${JSON.stringify(here('../../src/cli/run-command.ts').href)});
  process.exitCode = await runCommand([adminHashCommand], process.argv.slice(1), {
    out: (line) => process.stdout.write(line + '\\n'),
    err: (line) => process.stderr.write(line + '\\n'),
  });`;

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command in a process of its own, with no terminal and an empty environment. */
async function piped(input: string | Buffer, args: readonly string[] = []): Promise<Answer> {
  const node = [
    '--no-warnings',
    '--experimental-transform-types',
    '--import',
    here('../support/ts-hooks.mjs').href,
  ];
  const child = spawn(
    process.execPath,
    [...node, '--input-type=module', '-e', CHILD, 'admin', 'hash', ...args],
    {
      env: {},
    },
  );
  // A refusal may come before all was read.
  child.stdin.on('error', () => undefined).end(input);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  const [out, err] = await said;
  return { code, out, err };
}

/** What readline needs of a terminal; a real one shows what is typed unless it is in raw mode. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];
  isRaw = false;
  setRawMode(raw: boolean): this {
    this.modes.push(raw);
    this.isRaw = raw;
    return this;
  }
}

/** The command on a terminal where each of `keys` is typed when it asks. */
async function typed(
  ...keys: string[]
): Promise<Answer & { shown: string; asked: number; terminal: FakeTerminal }> {
  const terminal = new FakeTerminal();
  const prompts = new PassThrough();
  const said = { out: '', err: '', shown: '' };
  let asked = 0;
  prompts.on('data', (data: Buffer) => {
    said.shown += data.toString();
    if (!said.shown.endsWith(': ')) return;
    // From here on there is typing: the terminal must not echo it.
    expect(terminal.isRaw).toBe(true);
    terminal.write(keys[asked] ?? '\u0004');
    asked += 1;
  });
  const code = await runCommand([adminHash(() => ({ input: terminal, prompts }))], ['admin', 'hash'], {
    out: (line) => (said.out += `${line}\n`),
    err: (line) => (said.err += `${line}\n`),
  });
  return { code, ...said, asked, terminal };
}

async function opens(out: string, password: string): Promise<boolean> {
  const hash = LINE.exec(out)?.[1] ?? '';
  return new PasswordHasher().verify(password, parsePasswordHash(hash));
}

describe('admin hash from a pipe', () => {
  it.each([
    ['a line', `${PASSWORD}\n`, PASSWORD],
    ['a line of Windows', `${PASSWORD}\r\n`, PASSWORD],
    ['no end of the line', PASSWORD, PASSWORD],
    ['spaces around, which belong to it', `  ${PASSWORD} \n`, `  ${PASSWORD} `],
    ['twelve characters outside of ASCII', 'пароль-ключ🔑', 'пароль-ключ🔑'],
    ['1,024 of them', '🔑🗝'.repeat(512), '🔑🗝'.repeat(512)],
  ])('makes the hash of %s', async (_what, input, password) => {
    const { code, out, err } = await piped(input);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await opens(out, password)).toBe(true);
    expect(await opens(out, `${password}.`)).toBe(false);
  });

  it.each([
    ['nothing', '', 1, /no password/],
    ['an empty line', '\n', 1, /no password/],
    ['eleven characters', 'elf Zeichen\n', 1, /11 characters: at least 12/],
    // Each of them is two UTF-16 units, and three of them are one with an accent.
    ['eleven that take more bytes', '🔑'.repeat(11), 1, /11 characters/],
    ['letters with their accents apart', 'u\u0308'.repeat(11), 1, /11 characters/],
    ['one character only', 'aaaaaaaaaaaaaaaa', 1, /repeats one character/],
    ['two lines', `${PASSWORD}\n${PASSWORD}\n`, 1, /second line/],
    ['a NUL', `${PASSWORD}\0`, 1, /control character/],
    ['no UTF-8', Buffer.from([...Buffer.from(PASSWORD), 0xff]), 3, /not valid UTF-8/],
    ['1,025 characters', 'ab'.repeat(512) + 'c', 1, /more than 1024/],
    ['a file that is none', Buffer.alloc(100_000, 'ab'), 3, /longer than 1024/],
  ])('refuses %s and says why', async (_what, input, code, why) => {
    const answer = await piped(input);
    expect(answer).toMatchObject({ code, out: '', err: expect.stringMatching(why) as unknown });
    expect(answer.err).not.toContain('    at ');
    expect(answer.err).not.toContain(PASSWORD);
  });

  it('takes no password as an argument, and does not repeat it', async () => {
    for (const args of [[PASSWORD], ['--password', PASSWORD]]) {
      const { code, out, err } = await piped('', args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/no arguments/);
      expect(err).not.toContain(PASSWORD);
    }
  });

  it('prints a line that .env files and shells give back as it is', async () => {
    const { out } = await piped(PASSWORD);
    const folder = mkdtempSync(join(tmpdir(), 'burnbag-admin-hash-'));
    try {
      writeFileSync(join(folder, 'env'), out);
      expect(parseEnv(out)).toEqual({ ADMIN_PASSWORD_HASH: LINE.exec(out)?.[1] });
      const shell = spawn('sh', ['-c', `. ${join(folder, 'env')}; printf %s "$ADMIN_PASSWORD_HASH"`]);
      expect(await text(shell.stdout)).toBe(LINE.exec(out)?.[1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('admin hash on a terminal', () => {
  it('asks twice, shows nothing of what is typed, and gives the terminal back', async () => {
    const { code, out, err, shown, asked, terminal } = await typed(`${PASSWORD}\r`, `${PASSWORD}\r`);
    expect({ code, err, asked }).toEqual({ code: 0, err: '', asked: 2 });
    expect(shown).toBe('Password: \nThe same again: \n');
    expect(await opens(out, PASSWORD)).toBe(true);
    expect(terminal.modes).toEqual([true, false]);
  });

  it('lets keys correct what was typed', async () => {
    const { out } = await typed(`${PASSWORD}yx\u007f\u007f\r`, `${PASSWORD}\r`);
    expect(await opens(out, PASSWORD)).toBe(true);
  });

  it('takes both lines of one paste', async () => {
    const { code, shown } = await typed(`${PASSWORD}\r${PASSWORD}\r`);
    expect(code).toBe(0);
    expect(shown).not.toContain(PASSWORD);
  });

  it.each([
    ['a second one that differs', [`${PASSWORD}\r`, `${PASSWORD}!\r`], 1, /not the same/, 2],
    ['a short one, before it is asked for again', ['short\r'], 1, /at least 12/, 1],
    ['Ctrl-C', [`${PASSWORD}\u0003`], 3, /Cancelled/, 1],
    ['Ctrl-D', ['\u0004'], 3, /Cancelled/, 1],
    ['Ctrl-C at the second', [`${PASSWORD}\r`, '\u0003'], 3, /Cancelled/, 2],
  ])('ends with %s, and makes nothing', async (_what, keys, code, why, asked) => {
    const answer = await typed(...keys);
    expect(answer).toMatchObject({ code, out: '', asked, err: expect.stringMatching(why) as unknown });
    expect(answer.terminal.modes).toEqual([true, false]);
    expect(answer.shown + answer.err).not.toContain(PASSWORD);
  });
});
