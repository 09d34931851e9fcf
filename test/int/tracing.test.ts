import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { freePort } from '../support/free-port.js';
import { Client, newClaim } from './kit/client.js';
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from './kit/otlp-receiver.js';
import { openPortal, until, type Portal } from './kit/portal.js';
import { caughtUp } from './kit/recorded.js';

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
const REPORT = new URL('../support/report-opentelemetry.mjs', import.meta.url).href;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

let portal: Portal;
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await otlpReceiver();
  portal = await openPortal({ env: { NODE_OPTIONS: `--import=${REPORT}` } });
});
afterAll(async () => {
  await portal.close();
  receiver.close();
});

/** Runs a portal that traces into the receiver, then ends it, so that everything is delivered. */
async function traced(
  env: Readonly<Record<string, string>>,
  work: (portal: Portal) => Promise<void>,
): Promise<{ spans: ReceivedSpan[]; bodies: string }> {
  const before = receiver.bodies.length;
  const followed = await openPortal({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env } });
  await work(followed);
  await caughtUp(followed);
  for (const app of followed.apps) expect(await app.stop()).toBe(0);
  await followed.close();
  return { spans: receiver.spans(), bodies: receiver.bodies.slice(before).join('\n') };
}

const parent = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, tracestate: 'vendor=planted-state' };

describe('traces', () => {
  it('follow a request into Redis by names alone, and do not reveal its content', async () => {
    const planted = [
      'planted content',
      'planted-passphrase',
      'planted-guess',
      'planted-agent',
      'planted-state',
    ];
    const known: string[] = [...planted, TRACE, '127.0.0.1'];
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=planted-key', OTEL_SERVICE_NAME: 'handoff' };
    const { spans, bodies } = await traced(env, async ({ client }) => {
      const headers = { ...parent, 'User-Agent': 'planted-agent' };
      const passphrase = 'planted-passphrase';
      const made = await client.create({ content: 'planted content', passphrase });
      const { id, ref, receiptToken } = made;
      const claim = newClaim();
      known.push(id, id.replaceAll('-', ''), ref, receiptToken, claim);
      await client.send('GET', `/api/v1/secrets/${id}/status?next=planted-state`, { headers });
      expect((await client.reveal(id, { passphrase: 'planted-guess' })).status).toBe(403);
      expect((await client.reveal(id, { passphrase, claim })).status).toBe(200);
      expect((await client.acknowledge(id, claim)).status).toBe(204);
      expect((await client.receipt(receiptToken)).status).toBe(200);
      await client.send('GET', `/nothing/${id}`);
      await client.send('GET', '/health/ready');
    });

    const byName = (name: string) => spans.filter((span) => span.name === name);
    const [reveal] = byName('POST /api/v1/secrets/:id/reveal').filter(
      ({ attributes }) => attributes['http.response.status_code'] === 200,
    );
    expect(reveal).toMatchObject({
      kind: SERVER,
      service: 'handoff',
      attributes: { 'http.request.method': 'POST', 'http.route': '/api/v1/secrets/:id/reveal' },
    });
    const claims = byName('redis claim-secret').filter(({ parentSpanId }) => parentSpanId === reveal?.spanId);
    expect(claims).toEqual([expect.objectContaining({ kind: CLIENT, traceId: reveal?.traceId })]);
    expect(byName('redis create-secret')[0]?.parentSpanId).toBe(byName('POST /api/v1/secrets')[0]?.spanId);
    const relayed = byName('relay events').map(({ attributes }) => Number(attributes['burnbag.events']));
    // Created, a wrong passphrase, viewed, acknowledged.
    expect(relayed.reduce((sum, events) => sum + events, 0)).toBe(4);
    expect(spans.filter(({ name }) => name.includes('health'))).toEqual([]);
    expect(receiver.headers.every((sent) => sent['api-key'] === 'planted-key')).toBe(true);

    const everything = `${bodies}\n${Buffer.from(bodies).toString('latin1')}`;
    for (const text of known) expect([text, everything.includes(text)]).toEqual([text, false]);
  });

  it('go on those of a trusted proxy, and say which request failed', async () => {
    const { spans } = await traced(
      { TRUST_PROXY: 'loopback', OTEL_TRACES_SAMPLER_ARG: '0' },
      async ({ client, redis }) => {
        await client.tryCreate({ content: 'sampled away' });
        const { id } = await client.create();
        await client.send('GET', `/api/v1/secrets/${id}/status`, { headers: parent });
        await redis.cli('CONFIG', 'SET', 'maxmemory', '1');
        const full = { json: { content: 'x' }, headers: parent };
        expect((await client.send('POST', '/api/v1/secrets', full)).status).toBe(507);
        await redis.cli('CONFIG', 'SET', 'maxmemory', '0');
      },
    );
    const ours = spans.filter(({ traceId }) => traceId === TRACE);
    expect(ours.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['GET /api/v1/secrets/:id/status', 'redis look-secret']),
    );
    expect(ours.find(({ name }) => name === 'GET /api/v1/secrets/:id/status')?.parentSpanId).toBe(
      '00f067aa0ba902b7',
    );
    const failed = ours.filter(({ status }) => status.code === ERROR).map(({ name }) => name);
    expect(failed.toSorted()).toEqual(['POST /api/v1/secrets', 'redis create-secret']);
    const unsampled = spans.filter(
      ({ name, traceId }) => name === 'POST /api/v1/secrets' && traceId !== TRACE,
    );
    // The one of the first test.
    expect(unsampled).toHaveLength(1);
  });

  it('begin by themselves where the peer is not the trusted proxy', async () => {
    const { spans } = await traced({ TRUST_PROXY: '10.0.0.0/8' }, async ({ client }) => {
      await client.send('GET', '/api/v1/policy', { headers: parent });
    });
    const asked = spans.filter(({ name }) => name === 'GET /api/v1/policy');
    expect(asked.map(({ traceId }) => traceId)).toEqual([expect.not.stringMatching(TRACE)]);
  });

  it('do not fail while the collector is down', async () => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    const app = await startApp({
      env: { ...portal.env, OTEL_EXPORTER_OTLP_ENDPOINT: closed },
      redisUrl: portal.redis.url,
    });
    const client = new Client(app.url);
    await client.create();
    await until(() => app.output().includes('traces cannot be delivered'), 60_000);
    expect((await client.tryCreate({ content: 'x' })).status).toBe(201);
    client.close();
    expect(await app.stop()).toBe(0);
    expect(app.output()).toContain('loaded file:');
  });

  it('cost nothing where there is no collector: not a module of theirs is loaded', async () => {
    await portal.client.create();
    expect(portal.apps[0]?.output()).not.toContain('loaded file:');
  });
});
