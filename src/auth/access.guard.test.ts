import { Controller, Get } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ProblemFilter } from '../platform/http/problem/problem.filter.js';
import { Route } from '../platform/route/route.decorator.js';
import { AccessGuard } from './access.guard.js';
import { ANONYMOUS } from './principal.js';

const COOKIE = { cookie: 'a=b; __Host-burnbag=token' };
const FROM_PORTAL = {
  origin: 'https://portal.example',
  'sec-fetch-site': 'same-origin',
  'x-burnbag-csrf': '1',
};

@Controller()
class Things {
  @Route('ALL', 'things', { allow: 'everyone', limit: 'none' })
  change(): string {
    return 'done';
  }
  @Route('POST', 'sign-in', { allow: 'everyone', fromPortal: true, limit: 'none' })
  signIn(): string {
    return 'done';
  }
  @Get('forgotten')
  forgotten(): string {
    return 'done';
  }
}

let app: NestFastifyApplication;
let asked = 0;
beforeAll(async () => {
  const module = await Test.createTestingModule({
    controllers: [Things],
    providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  const nobody = {
    of: () => {
      asked += 1;
      return Promise.resolve(ANONYMOUS);
    },
  };
  const server = app.getHttpAdapter().getInstance();
  new AccessGuard(nobody, { mode: 'open', accounts: false }, 'https://portal.example/').register(server);
  server.get('/of-a-plugin', () => 'done');
  server.get('/declared-later', { config: { access: { who: 'unasked' } } }, () => 'done');
  await app.init();
});
afterAll(() => app.close());

describe('a route without an access rule', () => {
  it.each(['/forgotten', '/of-a-plugin'])('is closed to every caller (%s)', async (url) => {
    expect(await send({}, 'GET', url)).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await send(COOKIE, 'GET', url)).toMatchObject({ status: 403, code: 'forbidden' });
  });
});

describe('the identity of the caller', () => {
  it('is not looked up without cookie and token, nor on routes that do not ask', async () => {
    asked = 0;
    expect((await send({ cookie: 'another=1' }, 'GET')).status).toBe(200);
    expect((await send({ ...COOKIE, authorization: 'Bearer bbt_x' }, 'GET', '/declared-later')).status).toBe(
      200,
    );
    expect(asked).toBe(0);
    await send(COOKIE, 'GET');
    expect(asked).toBe(1);
  });
});

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
async function send(headers: Record<string, string>, method: Method = 'POST', url = '/things') {
  const answer = await app.inject({ method, url, headers });
  const { code, detail } = (answer.statusCode >= 400 ? answer.json() : {}) as Record<string, string>;
  return { status: answer.statusCode, code, detail };
}
const without = (name: keyof typeof FROM_PORTAL) => {
  const { [name]: _, ...rest } = FROM_PORTAL;
  return { ...COOKIE, ...rest };
};

describe('a change with the session cookie', () => {
  it('is done for a page of the portal', async () => {
    for (const method of ['POST', 'DELETE'] as const) {
      expect((await send({ ...COOKIE, ...FROM_PORTAL }, method)).status).toBeLessThan(300);
    }
  });

  it.each([
    'https://evil.example',
    'http://portal.example',
    'https://portal.example:8443',
    'https://portal.example.evil.example',
    'https://x.portal.example',
    'HTTPS://PORTAL.EXAMPLE',
    'null',
    '',
  ])('is refused by its Origin alone (%j)', async (origin) => {
    expect(await send({ ...COOKIE, ...FROM_PORTAL, origin })).toMatchObject({
      status: 403,
      code: 'csrf_refused',
      detail: expect.stringContaining('Origin'),
    });
  });

  it('is refused without an Origin: every browser sends one', async () => {
    expect(await send(without('origin'))).toMatchObject({ status: 403 });
  });

  it.each(['cross-site', 'same-site', 'none', 'same-origin, cross-site', ''])(
    'is refused by Sec-Fetch-Site alone (%j)',
    async (site) => {
      expect(await send({ ...COOKIE, ...FROM_PORTAL, 'sec-fetch-site': site })).toMatchObject({
        status: 403,
        code: 'csrf_refused',
        detail: expect.stringContaining('Sec-Fetch-Site'),
      });
    },
  );

  it('is done for an old browser that does not send Sec-Fetch-Site', async () => {
    expect((await send(without('sec-fetch-site'))).status).toBe(200);
  });

  it.each(['0', '', 'true', '1, 1'])('is refused by the custom header alone (%j)', async (value) => {
    expect(await send({ ...COOKIE, ...FROM_PORTAL, 'x-burnbag-csrf': value })).toMatchObject({
      status: 403,
      code: 'csrf_refused',
      detail: expect.stringContaining('X-Burnbag-Csrf'),
    });
  });

  it('is refused without the custom header, as a form sends it', async () => {
    expect(await send(without('x-burnbag-csrf'))).toMatchObject({ status: 403 });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'is refused whatever the method (%s)',
    async (method) => {
      expect((await send(COOKIE, method)).status).toBe(403);
    },
  );
});

describe('what cannot be forged passes', () => {
  it('reading', async () => {
    expect((await send(COOKIE, 'GET')).status).toBe(200);
  });

  it('a change without the session cookie, as of a script or an anonymous reader', async () => {
    expect((await send({})).status).toBe(200);
    expect((await send({ authorization: 'Bearer bbt_x', origin: 'https://evil.example' })).status).toBe(200);
    expect((await send({ cookie: 'a=b; __Host-burnbag-sign-in=x' })).status).toBe(200);
  });
});

it('a sign-in comes from the portal, though there is no session yet', async () => {
  expect(await send({}, 'POST', '/sign-in')).toMatchObject({ status: 403, code: 'csrf_refused' });
  expect(await send({ origin: 'https://evil.example' }, 'POST', '/sign-in')).toMatchObject({ status: 403 });
  expect((await send(FROM_PORTAL, 'POST', '/sign-in')).status).toBe(201);
});
