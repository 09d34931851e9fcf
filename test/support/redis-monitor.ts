import { connect } from 'node:net';

import { until } from '../int/kit/portal.js';

/** What MONITOR tells of a Redis without a password. */
export interface RedisMonitor {
  /** Every byte so far, as latin1. */
  text(): string;
  /** The command lines so far, each as its words; quotes and backslashes are unescaped, other escapes stay. */
  commands(): string[][];
  stop(): void;
}

const LINE = /^\+\d+\.\d+ \[\d+ [^\]]+\] (.*)$/;
const WORD = /"((?:[^"\\]|\\.)*)"/g;

function words(line: string): string[] {
  const told = LINE.exec(line)?.[1] ?? '';
  return [...told.matchAll(WORD)].map(([, word = '']) => word.replace(/\\(["\\])/g, '$1'));
}

/**
 * Resolves when the server has answered MONITOR. On a connection of its own: ioredis throws when the answer and the first
 * command arrive in one packet.
 */
export async function openMonitor(url: string): Promise<RedisMonitor> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  const chunks: string[] = [];
  socket.on('data', (chunk: string) => chunks.push(chunk));
  socket.write('MONITOR\r\n');
  const text = () => chunks.join('');
  await until(() => text().includes('+OK'));
  return {
    text,
    // The last line may have arrived in part.
    commands: () =>
      text()
        .split('\r\n')
        .slice(0, -1)
        .map(words)
        .filter(({ length }) => length > 0),
    stop: () => socket.destroy(),
  };
}
