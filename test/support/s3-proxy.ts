import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { endAfterTests } from './leftovers.js';

/** A stretch of network before a server: it can break connections at a byte, as real ones do. */
export interface BreakableLine {
  readonly endpoint: string;
  /** From now on, after this total of bytes in that direction, breaks the connection they went over; once each. */
  breakAfter(direction: 'up' | 'down', ...bytes: readonly number[]): void;
  /** Breaks the connection when the first request that begins like this is answered: the answer is lost. Once. */
  loseAnswerTo(request: RegExp): void;
  /** How many breaks have happened. */
  readonly breaks: number;
  /** Breaks every connection, and every new one at once, until `restored`. */
  cut(): void;
  /** Takes what is sent, and hands nothing on, until `restored`, which breaks these connections. */
  swallow(): void;
  restored(): void;
  stop(): Promise<void>;
}

class Line implements BreakableLine {
  breaks = 0;
  private isCut = false;
  private swallows = false;
  private request: RegExp | undefined;
  private readonly awaited = new Set<Socket>();
  private readonly open = new Set<Socket>();
  private readonly passed = { up: 0, down: 0 };
  private readonly places = { up: [] as number[], down: [] as number[] };
  private readonly forget = endAfterTests(() => this.stop());

  constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  accept(client: Socket, target: URL): void {
    if (this.isCut) return void client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to, direction] of [
      [client, upstream, 'up'],
      [upstream, client, 'down'],
    ] as const) {
      this.open.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.open.delete(from);
        to.destroy();
      });
      from.on('data', (bytes: Buffer) => this.pass(bytes, from, to, direction));
      from.on('end', () => to.end());
    }
  }

  private pass(bytes: Buffer, from: Socket, to: Socket, direction: 'up' | 'down'): void {
    if (this.swallows) return;
    if (direction === 'up' && this.request?.test(bytes.toString('latin1')) === true) {
      this.request = undefined;
      this.awaited.add(to);
    }
    if (this.awaited.delete(from)) {
      this.breaks += 1;
      return void from.destroy();
    }
    const [next = Infinity] = this.places[direction];
    const before = this.passed[direction];
    this.passed[direction] += bytes.length;
    if (this.passed[direction] < next) {
      if (!to.write(bytes)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
      return;
    }
    this.places[direction].shift();
    this.breaks += 1;
    to.end(bytes.subarray(0, next - before));
    from.destroy();
  }

  breakAfter(direction: 'up' | 'down', ...bytes: readonly number[]): void {
    this.passed[direction] = 0;
    this.places[direction] = bytes.toSorted((a, b) => a - b);
  }

  loseAnswerTo(request: RegExp): void {
    this.request = request;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.open) socket.destroy();
  }

  swallow(): void {
    this.swallows = true;
  }

  restored(): void {
    if (this.swallows) this.cut();
    this.isCut = this.swallows = false;
  }

  async stop(): Promise<void> {
    this.forget();
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** @param target where the server is that it leads to */
export async function breakableLine(target: string): Promise<BreakableLine> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  const line = new Line(server, `http://127.0.0.1:${address.port}`);
  server.on('connection', (client) => line.accept(client, new URL(target)));
  return line;
}
