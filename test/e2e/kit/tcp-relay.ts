import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A plain TCP relay in front of the app: everything that goes over the relay can be read, or cut. */
export interface TcpRelay {
  readonly url: string;
  /** Where to relay to; set once the app is up. */
  target: number;
  /** Every byte that browsers have sent. */
  sent(): string;
  /** Every byte that they have got; texts of the API are not compressed. */
  received(): string;
  /**
   * Lets requests whose first line matches through, and breaks the connection where the answer begins.
   * @param times how often; browsers send a request again by themselves when a kept connection breaks
   * @param afterBytes of the answer, counted from its first header on; asked for each cut
   */
  cutAnswersTo(firstLine: RegExp, times?: number, afterBytes?: () => number): void;
  /** How many answers have been cut so far. */
  cuts(): number;
  /** Cuts nothing any more. */
  mend(): void;
  close(): Promise<void>;
}

export async function openTcpRelay(): Promise<TcpRelay> {
  const log = { sent: [] as Buffer[], received: [] as Buffer[] };
  const sockets = new Set<Socket>();
  let cut: { firstLine: RegExp; left: number; afterBytes: () => number } | undefined;
  let cuts = 0;
  const relay = { target: 0 };

  const server = createServer((browser) => {
    const app = connect(relay.target, '127.0.0.1');
    /** Bytes that still get through; undefined when this connection is left alone. */
    let doomedAfter: number | undefined;
    browser.on('data', (chunk) => {
      log.sent.push(chunk);
      if (cut && cut.left > 0 && cut.firstLine.test(chunk.toString('latin1')))
        doomedAfter ??= cut.afterBytes();
      app.write(chunk);
    });
    app.on('data', (chunk) => {
      if (doomedAfter === undefined || chunk.length <= doomedAfter) {
        if (doomedAfter !== undefined) doomedAfter -= chunk.length;
        log.received.push(chunk);
        // What a slow browser does not take must not pile up here: the app is to feel it.
        if (browser.write(chunk)) return;
        app.pause();
        return void browser.once('drain', () => app.resume());
      }
      cuts += 1;
      if (cut) cut.left -= 1;
      if (doomedAfter > 0) {
        // What is written just before a reset may never arrive; the end of a connection is a break as well.
        browser.end(chunk.subarray(0, doomedAfter));
        return void app.destroy();
      }
      browser.resetAndDestroy();
      app.destroy();
    });
    for (const [one, other] of [
      [browser, app],
      [app, browser],
    ] as const) {
      sockets.add(one);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;

  return Object.assign(relay, {
    url: `http://localhost:${port}`,
    sent: () => Buffer.concat(log.sent).toString('utf8'),
    received: () => Buffer.concat(log.received).toString('utf8'),
    cutAnswersTo: (firstLine: RegExp, times = Infinity, afterBytes = () => 0) => {
      cut = { firstLine, left: times, afterBytes };
      cuts = 0;
    },
    cuts: () => cuts,
    mend: () => {
      cut = undefined;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
