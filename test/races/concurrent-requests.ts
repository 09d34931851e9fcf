import net from 'node:net';

/** One request of a requests and how it was answered. */
export interface RawResponse {
  readonly status: number;
  readonly body: string;
}

interface Line {
  readonly socket: net.Socket;
  waiting:
    { readonly answered: (shot: RawResponse) => void; readonly broken: (reason: Error) => void } | undefined;
  received: string;
}

function wholeAnswer(text: string): RawResponse | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  const body = text.slice(headEnd + 4);
  return body.length < length ? undefined : { status: Number(text.slice(9, 12)), body };
}

/**
 * Many connections, each held open, that all send in the same turn of the loop: a thousand requests are really under
 * way at once. Raw sockets, because an HTTP client of a thousand requests costs more than the servers under test.
 */
export class ConcurrentRequests {
  private constructor(private readonly lines: readonly Line[]) {}

  /** @param urls the app processes, over which the connections are spread evenly */
  static async open(urls: readonly string[], connections: number): Promise<ConcurrentRequests> {
    const lines = Array.from({ length: connections }, (_, at) => connect(urls[at % urls.length] ?? ''));
    return new ConcurrentRequests(await Promise.all(lines));
  }

  /** Sends one request on every connection at once. @throws Error where a connection ends without its answer */
  fire(request: (at: number) => string): Promise<RawResponse[]> {
    return Promise.all(
      this.lines.map(
        (line, at) =>
          new Promise<RawResponse>((resolve, reject) => {
            line.received = '';
            line.waiting = { answered: resolve, broken: reject };
            if (line.socket.closed)
              reject(new Error('a connection of the requests was closed before the shot'));
            else line.socket.write(request(at));
          }),
      ),
    );
  }

  close(): void {
    for (const { socket } of this.lines) socket.destroy();
  }
}

function connect(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname).setNoDelay().setEncoding('latin1');
  const line: Line = { socket, waiting: undefined, received: '' };
  socket.on('data', (chunk: string) => {
    line.received += chunk;
    const shot = wholeAnswer(line.received);
    if (shot) line.waiting?.answered(shot);
  });
  socket.once('close', () => line.waiting?.broken(new Error('a connection was closed before its answer')));
  return new Promise((resolve, reject) => {
    socket.on('error', (reason) => {
      line.waiting?.broken(reason);
      reject(reason);
    });
    socket.once('connect', () => resolve(line));
  });
}

/** GET of a secret, as a script sends it. */
export function getRequest(id: string): string {
  return `GET /api/v1/secrets/${id} HTTP/1.1\r\nHost: burnbag\r\n\r\n`;
}

/** POST of a reveal. */
export function revealRequest(id: string, body: Readonly<Record<string, unknown>> = {}): string {
  const json = JSON.stringify(body);
  const head = `POST /api/v1/secrets/${id}/reveal HTTP/1.1\r\nHost: burnbag\r\nContent-Type: application/json`;
  return `${head}\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
}
