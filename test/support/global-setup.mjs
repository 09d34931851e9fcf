/** Before the first test that needs one: a real Redis, found or downloaded. None is a failure, not a skip. */
import { createConnection } from 'node:net';

import { obtainRedis } from '../../scripts/lib/obtain-redis.mjs';
import { exclusively } from '../../scripts/lib/exclusive.mjs';

/** The container engine is asked over its socket; DOCKER_HOST names another one. */
function engineAnswers() {
  if (process.env.DOCKER_HOST) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = createConnection('/var/run/docker.sock');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export default async function setUp() {
  process.env.BURNBAG_TEST_ENGINE ??= (await engineAnswers()) ? 'yes' : 'no';
  if (process.env.REDIS_SERVER_BIN) return;
  const redis = await exclusively(() => obtainRedis());
  if (redis.kind === 'binary') process.env.REDIS_SERVER_BIN = redis.binary;
  else {
    redis.stop();
    process.env.BURNBAG_TEST_REDIS = 'container';
  }
}
