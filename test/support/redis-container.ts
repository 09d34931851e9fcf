import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';

import { freePort } from './free-port.js';
import { endAfterTests } from './leftovers.js';
import { sendCommand, type TestRedis } from './redis-server.js';

const REDIS_PORT = 6379;

/**
 * A server of the named image. Its port is fixed, so that a client finds it again after a restart.
 * @throws when no engine answers or the image cannot be had
 */
export async function startRedisContainer(
  image: string,
  config: Readonly<Record<string, string>>,
): Promise<TestRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const program = image.startsWith('valkey') ? 'valkey-server' : 'redis-server';
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: REDIS_PORT, host: port })
    .withCommand([program, ...Object.entries(config).flatMap(([name, value]) => [`--${name}`, value])])
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  const engine = await getContainerRuntimeClient();
  const handle = engine.container.getById(container.getId());
  const isRunning = async (): Promise<boolean> => (await handle.inspect()).State.Running;
  const kill9 = async (): Promise<void> => {
    if (!(await isRunning())) return;
    const gone = handle.wait();
    await handle.kill();
    await gone;
  };
  const stop = async (): Promise<void> => {
    forget();
    await container.stop();
  };
  const forget = endAfterTests(stop);
  return {
    url,
    dir: '',
    pid: undefined,
    kill9,
    end: async () => void (await container.stop({ remove: false })),
    stop,
    cli: (...args) => sendCommand(url, args),
    restart: async () => {
      await kill9();
      await handle.start();
      while ((await sendCommand(url, ['PING']).catch(() => '')) !== 'PONG') await new Promise(setImmediate);
    },
  };
}
