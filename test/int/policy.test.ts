import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startApp } from '../support/app-process.js';
import { startRedis } from '../support/redis-server.js';
import { Client, type Answer } from './kit/client.js';
import { connectTo, newKeys, openPortal, type Portal } from './kit/portal.js';
import { seal } from './kit/sealed.js';
import { tryBegin } from './kit/uploads.js';

const refusal = ({ status, body }: Answer) => [status, body['code'], body['rule']];
const refusedBy = (rule: string) => [403, 'policy_refused', rule];
const FORM = {
  text: '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n',
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
};

describe('with rules', () => {
  let portal: Portal;
  beforeAll(async () => {
    const env = {
      SECRET_VIEWS_MAX: '2',
      SECRET_TTL_MAX_SECONDS: '3600',
      SECRET_TTL_DEFAULT_SECONDS: '60',
      PASSPHRASE_REQUIRED: 'on',
      SEALED_REQUIRED: 'on',
      FILES: 'off',
    };
    portal = await openPortal({ env });
  });
  afterAll(() => portal.close());

  it('refuses what is against one, names it, and stores nothing', async () => {
    const { client, db } = portal;
    const sealed = { ...(await seal('x')).fields, passphraseRequired: true };
    const wishes: [object, string][] = [
      [{ content: 'x', passphrase: 'p' }, 'SEALED_REQUIRED'],
      [{ ...sealed, passphraseRequired: false }, 'PASSPHRASE_REQUIRED'],
      [{ ...sealed, maxViews: 3 }, 'SECRET_VIEWS_MAX'],
      [{ ...sealed, recipients: ['alice@corp.example'] }, 'AUTH_MODE'],
    ];
    for (const [wish, rule] of wishes) expect(refusal(await client.tryCreate(wish))).toEqual(refusedBy(rule));
    const late = await client.tryCreate({ ...sealed, ttlSeconds: 3_601 });
    expect(late.status).toBe(400);
    expect(late.body['errors']).toEqual([
      expect.objectContaining({ field: 'ttlSeconds', limit: 3_600, rule: 'SECRET_TTL_MAX_SECONDS' }),
    ]);
    expect(refusal(await client.send('POST', '/api/v1/files', FORM))).toEqual(refusedBy('FILES'));
    expect(refusal(await tryBegin(client, 10))).toEqual(refusedBy('FILES'));
    expect(await db.keys('bb:*:[su]:*')).toEqual([]);
    expect((await client.tryCreate({ ...sealed, maxViews: 2 })).status).toBe(201);
  });

  it('says what holds', async () => {
    const { body } = await portal.client.send('GET', '/api/v1/policy');
    expect(body).toMatchObject({
      authMode: 'open',
      maxViews: 2,
      passphraseRequired: true,
      sealedRequired: true,
      filesAllowed: false,
      recipientsRequired: false,
      recipientsAllowed: false,
      recipientsMax: 20,
    });
  });
});

describe('rules that come while files are on their way', () => {
  it('hold for the completion, too, and for forms', async () => {
    const redis = await startRedis();
    const env = { BURNBAG_KEYS: newKeys() };
    const db = connectTo(redis);
    const dataDir = mkdtempSync(join(tmpdir(), 'burnbag-rules-'));
    const shared = { redisUrl: redis.url, dataDir };
    const first = await startApp({ env, ...shared });
    const begun = await tryBegin(new Client(first.url), 0);
    await first.stop();
    for (const rule of ['PASSPHRASE_REQUIRED', 'SEALED_REQUIRED']) {
      const app = await startApp({ env: { ...env, [rule]: 'on' }, ...shared });
      const client = new Client(app.url);
      const path = `${begun.headers.location}/complete`;
      const completed = await client.send('POST', path, { json: { files: [{ name: 'a', size: 0 }] } });
      expect(refusal(completed)).toEqual(refusedBy(rule));
      expect(refusal(await client.send('POST', '/api/v1/files', FORM))).toEqual(refusedBy(rule));
      client.close();
      await app.stop();
    }
    expect(await db.keys('bb:*:s:*')).toEqual([]);
    db.disconnect();
    await redis.stop();
    rmSync(dataDir, { recursive: true });
  });
});

describe('a rule that could not be kept', () => {
  it('stops the start: recipients without a sign-in', async () => {
    const started = startApp({ env: { RECIPIENTS_REQUIRED: 'on' } });
    await expect(started).rejects.toThrow('RECIPIENTS_REQUIRED=on needs AUTH_MODE=oidc');
  });
});
