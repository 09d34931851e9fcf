import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

import {
  filesConfig,
  secretsConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../../config/sections/app.config.js';
import { completed } from './api-document.js';
import type { Headers } from '../security-headers.js';

const DOCS = '/api/docs';
const DOCUMENT = '/api/openapi.json';

/**
 * OpenAPI at /api/docs and /api/openapi.json. The document is made and printed once, before the first
 * request: making it takes a quarter of a second, and every unread answer would hold its text.
 */
export function serveApiDocs(app: NestFastifyApplication, headers: Headers): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    if (!route.url.startsWith(DOCS) && route.url !== DOCUMENT) return;
    route.config = { ...route.config, access: { who: 'unasked' }, limit: 'none' };
    if (route.url === DOCUMENT) return;
    route.preHandler = (_request, reply, done) => {
      void reply.headers(headers);
      done();
    };
  });
  const document = apiDocument(app);
  const bytes = Buffer.from(JSON.stringify(document));
  server.get(DOCUMENT, (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes));
  // The page fetches the document instead of embedding a copy.
  const page = { openapi: document.openapi, info: document.info, paths: {} };
  SwaggerModule.setup(DOCS.slice(1), app, page, {
    swaggerUrl: DOCUMENT,
    swaggerOptions: { spec: {} },
    raw: false,
  });
}

/** The OpenAPI document of this installation: limits that its operator sets are stated as they are set. */
function apiDocument(app: INestApplication): ReturnType<typeof SwaggerModule.createDocument> {
  const info = new DocumentBuilder()
    .setTitle('Burnbag')
    .setDescription(
      'Hands a secret over exactly once. Errors are RFC 9457 problem details with a stable code.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .build();
  const { ttlMaxSeconds } = app.get<SecretsConfig>(secretsConfig.KEY);
  const { countMax: fileCountMax } = app.get<FilesConfig>(filesConfig.KEY);
  return completed(SwaggerModule.createDocument(app, info), { ttlMaxSeconds, fileCountMax });
}
