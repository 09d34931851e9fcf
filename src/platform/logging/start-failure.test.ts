import { statSync } from 'node:fs';
import { createServer } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { asListenError, startFailure } from './start-failure.js';

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a start that failed', () => {
  it('is one line when the system refused something', () => {
    const error = failureOf(() => statSync('/no/such/file'));
    expect(startFailure(error)).toBe(
      "The start failed: ENOENT: no such file or directory, stat '/no/such/file'",
    );
  });

  it('is the message when an operator can act, and has a stack for a fault of the program', () => {
    const unfit = Object.assign(new Error('set X'), { name: 'RedisUnfitError' });
    expect(startFailure(unfit)).toBe('set X');
    expect(startFailure(new TypeError('x is undefined'))).toMatch(/\n\s+at /);
  });

  it('names PORT when another program listens there', async () => {
    const first = createServer();
    const port = await new Promise<number>((resolve) => {
      first.listen(0, '127.0.0.1', () => resolve((first.address() as { port: number }).port));
    });
    const error = await new Promise<unknown>((resolve) => {
      createServer().once('error', resolve).listen(port, '127.0.0.1');
    });
    first.close();
    expect(startFailure(asListenError(error, '127.0.0.1', port))).toBe(
      `HOST 127.0.0.1, PORT ${port} cannot be listened on (EADDRINUSE): another program listens there: stop it, or set PORT to another port`,
    );
    const bug = new TypeError('no');
    expect(asListenError(bug, '127.0.0.1', port)).toBe(bug);
  });
});
