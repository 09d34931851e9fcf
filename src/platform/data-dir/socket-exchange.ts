import { createConnection } from 'node:net';

const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Connects to a Unix socket, sends `request` and returns the first piece of the answer.
 * @returns the answer as text, empty when the peer accepted but sent nothing; undefined when no process
 * listens
 */
export function exchange(socketPath: string, request = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let connected = false;
    const done = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => done(''));
    socket.once('connect', () => {
      connected = true;
      if (request) socket.write(request);
    });
    socket.once('data', (data) => done(data.toString('utf8')));
    socket.once('end', () => done(''));
    socket.once('error', () => done(connected ? '' : undefined));
  });
}
