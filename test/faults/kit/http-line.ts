import net from 'node:net';

/**
 * How a request ended. `lost`: it was sent and no whole answer came, so it is unknown whether it was processed. `unsent`:
 * there was no connection to send it on.
 */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unsent' };

const HEAD_END = '\r\n\r\n';
/** Longer than any answer of a portal that lives; nothing may hang. */
const SILENCE_MS = 20_000;

interface Connection {
  readonly socket: net.Socket;
  received: string;
  heard: ((outcome: Outcome) => void) | undefined;
}

/** @returns undefined while the answer is not whole */
function wholeAnswer(received: string): Outcome | undefined {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
  const text = received.slice(end + HEAD_END.length);
  return text.length < length ? undefined : { kind: 'answer', status: Number(received.slice(9, 12)), text };
}

/**
 * One client with a kept-alive connection to each app that it talked to, and one request under way at a time. Bare
 * sockets: an HTTP client costs more than the servers under test. Answers must be ASCII.
 */
export class HttpLine {
  private readonly connections = new Map<number, Connection>();

  async send(port: number, request: string): Promise<Outcome> {
    const known = this.connections.get(port);
    const connection = known ?? (await this.connect(port));
    if (!connection) return { kind: 'unsent' };
    return new Promise((resolve) => {
      connection.received = '';
      connection.heard = resolve;
      connection.socket.write(request);
    });
  }

  close(): void {
    for (const { socket } of this.connections.values()) socket.destroy();
  }

  private connect(port: number): Promise<Connection | undefined> {
    const socket = net.connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    const connection: Connection = { socket, received: '', heard: undefined };
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      connection.received += chunk;
      const answer = wholeAnswer(connection.received);
      if (answer) this.finish(connection, answer);
    });
    return new Promise((resolve) => {
      socket.once('connect', () => {
        this.connections.set(port, connection);
        resolve(connection);
      });
      socket.once('close', () => {
        if (this.connections.get(port) === connection) this.connections.delete(port);
        this.finish(connection, { kind: 'lost' });
        resolve(undefined);
      });
    });
  }

  private finish(connection: Connection, outcome: Outcome): void {
    const { heard } = connection;
    connection.heard = undefined;
    heard?.(outcome);
  }
}

/** A whole HTTP request. @param agent what the trail shall know it by */
export function httpRequest(
  method: string,
  path: string,
  agent: string,
  { json, headers = {} }: { json?: unknown; headers?: Readonly<Record<string, string>> } = {},
): string {
  const body = json === undefined ? '' : JSON.stringify(json);
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: burnbag', `User-Agent: ${agent}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (json !== undefined) lines.push('Content-Type: application/json', `Content-Length: ${body.length}`);
  return `${lines.join('\r\n')}${HEAD_END}${body}`;
}
