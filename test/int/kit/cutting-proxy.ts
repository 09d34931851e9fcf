import { createServer, connect, type AddressInfo } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Connections that were cut so far. */
  readonly cuts: number;
  close(): void;
}

/**
 * Passes connections on, and cuts each of the first ones after a number of bytes of its client; then it cuts no more.
 * @param places bytes, one number for each connection that is to be cut; a connection that ends before keeps its place
 */
export async function cuttingProxy(target: number, places: readonly number[]): Promise<CuttingProxy> {
  const left = [...places];
  let cuts = 0;
  const server = createServer((client) => {
    const app = connect(target, '127.0.0.1');
    let passed = 0;
    client.on('data', (bytes: Buffer) => {
      passed += bytes.length;
      const [place] = left;
      if (place !== undefined && passed >= place) {
        left.shift();
        cuts += 1;
        // What comes before the place arrives; then there is silence, and a reset.
        app.write(bytes.subarray(0, bytes.length - (passed - place)), () => app.resetAndDestroy());
        client.resetAndDestroy();
      } else if (!app.write(bytes)) {
        client.pause();
        app.once('drain', () => client.resume());
      }
    });
    app.pipe(client);
    for (const [one, other] of [[client, app] as const, [app, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get cuts() {
      return cuts;
    },
    close: () => server.close(),
  };
}
