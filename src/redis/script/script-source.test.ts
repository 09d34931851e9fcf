import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { defineScript } from './define-script.js';
import { readScript, ScriptSourceError } from './script-source.js';

const folder = mkdtempSync(join(tmpdir(), 'burnbag-scripts-'));
const FROM = pathToFileURL(join(folder, 'any.ts')).href;
const GOOD = `#!lua flags=allow-oom
-- Adds to a counter.
-- @key     counter  of hits
-- @arg     step     number   to add
-- @arg     label    text?
-- @arg     dry      flag     changes nothing
-- @returns {hits}
-- @include time
local ref = label
if dry then return { step } end
return { redis.call('INCRBY', counter_key, step), ref, now }
`;
const put = (source: string): string => {
  writeFileSync(join(folder, 'one.lua'), source);
  return 'one';
};
const read = (source: string) => readScript(put(source), FROM);

describe('the source of a script', () => {
  it('gets a variable for each key and argument, and its includes', () => {
    const { keys, args, text } = read(GOOD);
    expect(keys).toEqual(['counter']);
    expect(args).toEqual([
      ['step', 'number'],
      ['label', 'text?'],
      ['dry', 'flag'],
    ]);
    expect(text).toContain('local counter_key = KEYS[1]\n');
    expect(text).toContain(
      "local step = tonumber(ARGV[1])\nlocal label = ARGV[2]\nlocal dry = ARGV[3] == '1'\n",
    );
    expect(text).toContain("local t = redis.call('TIME')");
    expect(text).not.toContain('@include');
  });

  it.each([
    ['a first line without #!lua', /^#!lua.*\n/, '', /first line/],
    ['no key', /^-- @key.*\n/m, '', /no @key/],
    ['no returns', /^-- @returns.*\n/m, '', /no @returns/],
    ['a kind that is unknown', ' number ', ' integer ', /step is of no known kind/],
    ['an argument that is not used', 'local ref = label\n', 'local ref = 1\n', /label is not used/],
    ['one name for two things', '-- @arg     label', '-- @arg     step ', /have one name/],
    ['a name in capitals', '-- @arg     label', '-- @arg     Label', /Label is not a name/],
    ['ARGV beside the header', 'local ref = label', 'local ref = label or ARGV[2]', /beside its header/],
    ['KEYS beside the header', 'local ref = label', 'local ref = label or KEYS[2]', /beside its header/],
    ['an include whose needs are missing', '@include time', '@include lease', /include lease needs save/],
  ])('is refused with %s', (_, from, to, message) => {
    const broken = GOOD.replace(from, to);
    expect(broken).not.toBe(GOOD);
    expect(() => read(broken)).toThrow(message);
    expect(() => read(broken)).toThrow(ScriptSourceError);
  });

  it('is refused where the caller declares something else', () => {
    const name = put(GOOD);
    const declare = (keys: string[], args: Record<string, 'text?' | 'number' | 'flag'>) => () =>
      defineScript(FROM, name, { keys, args, parse: () => 0 });
    const args = { step: 'number', label: 'text?', dry: 'flag' } as const;
    expect(declare(['counter'], args)).not.toThrow();
    expect(declare(['count'], args)).toThrow(/takes counter_key/);
    expect(declare(['counter', 'other'], args)).toThrow(ScriptSourceError);
    expect(declare(['counter'], { ...args, step: 'text?' })).toThrow(/step number/);
    expect(declare(['counter'], { label: 'text?', step: 'number', dry: 'flag' })).toThrow(ScriptSourceError);
  });
});
