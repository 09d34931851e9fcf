import { Writable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';

import { loggerOptions } from './logger.js';

function logged(fields: object): string {
  let text = '';
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString();
      done();
    },
  });
  pino(loggerOptions('info'), sink).info(fields, 'a line');
  return text;
}

describe('the logger', () => {
  it.each(['id', 'url', 'receiptToken', 'receiptUrl', 'content', 'passphrase', 'proof', 'claim', 'body'])(
    'censors %s, at the top and one level down',
    (name) => {
      expect(logged({ [name]: 'zebra' })).not.toContain('zebra');
      expect(logged({ dto: { [name]: 'zebra' } })).not.toContain('zebra');
    },
  );

  it('writes JSON lines with a time and a level in words', () => {
    expect(JSON.parse(logged({ ref: 'kept' }))).toMatchObject({ level: 'info', ref: 'kept', msg: 'a line' });
  });
});
