import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { readArea } from './config.reader.js';
import { oneOf, text, wholeNumber } from './config.schema.js';
import { endpointUrl } from './endpoint-url.js';

const area = {
  count: wholeNumber({ env: 'COUNT', doc: '', fallback: 3, min: 1, max: 9 }),
  mode: oneOf({ env: 'MODE', doc: '', values: ['a', 'b'], fallback: 'a' }),
  url: text({
    env: 'URL',
    doc: '',
    fallback: undefined,
    secret: true,
    check: endpointUrl({ schemes: ['redis'], path: 'none', login: true }),
  }),
  plain: text({ env: 'PLAIN', doc: '', fallback: 'x' }),
};
const folder = mkdtempSync(join(tmpdir(), 'burnbag-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(env: Record<string, string>): { values: unknown; problems: string[] } {
  const problems: string[] = [];
  return { values: readArea(area, env, problems), problems };
}

function file(content: string): string {
  const path = join(folder, String(Math.random()));
  writeFileSync(path, content);
  return path;
}

describe('the configuration', () => {
  it('has defaults, also for empty values', () => {
    const defaults = { count: 3, mode: 'a', url: undefined, plain: 'x' };
    expect(read({})).toEqual({ values: defaults, problems: [] });
    expect(read({ COUNT: '', MODE: '', URL: '', PLAIN: '' })).toEqual({ values: defaults, problems: [] });
  });

  it('reports every problem at once, by name', () => {
    expect(read({ COUNT: '10', MODE: 'c', URL: 'http://x' }).problems).toEqual([
      'COUNT must be a whole number from 1 to 9',
      'MODE must be one of a, b',
      'URL must be an absolute URL starting with redis://',
    ]);
  });

  it.each(['1.5', '-1', '1e0', ' 1', '0x1', 'one', '0'])('refuses %j as a whole number', (raw) => {
    expect(read({ COUNT: raw }).problems).toHaveLength(1);
  });

  it('reads a secret from the file that NAME_FILE names, without its last line end', () => {
    expect(read({ URL_FILE: file('redis://:p@h\n') }).values).toMatchObject({ url: 'redis://:p@h' });
    expect(read({ URL_FILE: file('redis://:p@h\r\n') }).values).toMatchObject({ url: 'redis://:p@h' });
    expect(read({ URL_FILE: file('\uFEFFredis://:p@h\r\n') }).values).toMatchObject({ url: 'redis://:p@h' });
  });

  it.each([
    ' redis://h',
    'redis://h ',
    'redis://h\n',
    'redis://h\n\n',
    '\tredis://h',
    'redis://h\nredis://i',
    ' ',
  ])('refuses %j in the environment by one line that names it', (raw) => {
    const { problems } = read({ URL: raw, PLAIN: raw });
    expect(problems).toHaveLength(2);
    for (const problem of problems)
      expect(problem).toMatch(/^(URL|PLAIN) (begins or ends|holds) [^\n]*: remove it$/);
  });

  it('refuses a blank at an end of a file, names the file setting, and repeats nothing', () => {
    expect(read({ URL_FILE: file('redis://:hunter2@h \n') }).problems).toEqual([
      'URL begins or ends with a blank or a line end in the file of URL_FILE: remove it',
    ]);
    expect(read({ URL_FILE: file('redis://:p@h\n\n') }).values).toMatchObject({ url: 'redis://:p@h' });
  });

  it('refuses a secret that is set twice, or whose file is missing', () => {
    expect(read({ URL: 'redis://h', URL_FILE: file('redis://h') }).problems).toEqual([
      'URL is set twice: as URL and as URL_FILE',
    ]);
    expect(read({ URL_FILE: join(folder, 'none') }).problems).toEqual([
      'URL cannot be read from URL_FILE (ENOENT)',
    ]);
  });

  it('reads no file for other settings, and repeats no secret in a problem', () => {
    expect(read({ PLAIN_FILE: file('y') }).values).toMatchObject({ plain: 'x' });
    expect(read({ URL: 'http://:hunter2@h' }).problems.join()).not.toContain('hunter2');
  });
});
