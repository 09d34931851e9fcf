import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PROBE_MS = 50;

/** A balancer in front of several replicas: sends each request once, to the ready ones in turn, over kept-alive connections. */
export interface ReadinessProxy {
  readonly url: string;
  /** Whether the copy gets requests now. */
  isReady(port: number): boolean;
  /** Requests that a copy was sent. */
  sent(port: number): number;
  /** Requests that no copy answered, and why. */
  readonly failures: readonly string[];
  close(): Promise<void>;
}

async function probe(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

export async function readinessProxy(ports: readonly number[]): Promise<ReadinessProxy> {
  const agent = new http.Agent({ keepAlive: true });
  const ready = new Set(ports);
  const sent = new Map<number, number>();
  const failures: string[] = [];
  let turn = 0;

  // An idle client's connection stays: one that is closed while a request is on its way would be a failure of its own.
  const server = http.createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const open = ports.filter((port) => ready.has(port));
    const port = open[(turn += 1) % open.length];
    if (port === undefined) {
      failures.push('no copy was ready');
      response.writeHead(502).end();
      return;
    }
    sent.set(port, (sent.get(port) ?? 0) + 1);
    const { method = 'GET', url: path = '/', headers } = request;
    const passed = http.request({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
      const { connection: _, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, rest);
      answer.pipe(response);
    });
    passed.on('error', (error) => {
      failures.push(`${method} to ${port}: ${error.message}`);
      response.destroy();
    });
    request.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  let open = true;
  const watch = async (port: number): Promise<void> => {
    while (open) {
      if (await probe(port)) ready.add(port);
      else ready.delete(port);
      await delay(PROBE_MS);
    }
  };
  const watching = Promise.all(ports.map(watch));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isReady: (port) => ready.has(port),
    sent: (port) => sent.get(port) ?? 0,
    failures,
    close: async () => {
      open = false;
      await watching;
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}
