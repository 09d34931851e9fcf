import { Command } from 'ioredis';
import { describe, expect, it } from '@jest/globals';

import { commandOf, type ScriptArgument } from './command-transport.js';

const bytes = (command: Command): Buffer => Buffer.from(command.toWritable({}));

describe('a command sent to Redis', () => {
  it.each<[string, ScriptArgument[]]>([
    ['text and numbers', ['sha', 2, 'bb:{3f}:s:00', 'bb:{3f}:outbox', 86_400_000]],
    ['a binary argument', ['sha', 1, 'key', Buffer.from([0, 255, 13, 10]), 'after']],
    [
      'binary arguments at the end, side by side, and empty',
      ['a', Buffer.of(1), Buffer.alloc(0), Buffer.of(2)],
    ],
    ['characters of several bytes around them', ['ä', '🔥', Buffer.from('ü'), '日本', '']],
    ['a lone surrogate', ['\ud800', Buffer.of(9), '\udfff']],
    ['nothing', []],
  ])('is what ioredis would send: %s', (_what, args) => {
    expect(bytes(commandOf('evalsha', [...args]))).toEqual(bytes(new Command('evalsha', [...args])));
  });
});
