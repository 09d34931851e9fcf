import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { completed } from './api-document.js';
import type { Headers } from './security-headers.js';

const DOCS = '/api/docs';
const DOCUMENT = '/api/openapi.json';

/** OpenAPI at /api/docs and /api/openapi.json. */
export function serveApiDocs(app: NestFastifyApplication, headers: Headers): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (!route.url.startsWith(DOCS) && route.url !== DOCUMENT) return;
      route.config = { ...route.config, access: { who: 'unasked' } };
      if (route.url === DOCUMENT) return;
      route.preHandler = (_request, reply, done) => {
        void reply.headers(headers);
        done();
      };
    });
  SwaggerModule.setup(DOCS.slice(1), app, () => apiDocument(app), {
    jsonDocumentUrl: DOCUMENT.slice(1),
    raw: ['json'],
  });
}

/** The OpenAPI document. */
export function apiDocument(app: INestApplication): ReturnType<typeof SwaggerModule.createDocument> {
  const info = new DocumentBuilder()
    .setTitle('Burnbag')
    .setDescription(
      'Hands a secret over exactly once. Errors are RFC 9457 problem details with a stable code.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .build();
  return completed(SwaggerModule.createDocument(app, info));
}
