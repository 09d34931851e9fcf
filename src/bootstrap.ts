import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';

import { AppModule } from './app.module.js';
import { NestLogger } from './common/logger.js';
import { secretsConfig, serverConfig } from './config/app.config.js';
import { serveApiDocs } from './http/api-docs.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { securityHeaders } from './http/security-headers.js';
import { serveWebApp } from './web/web-app.js';

/** The whole application, ready to listen. The environment must have been checked before. */
export async function createApp(logger: Logger): Promise<NestFastifyApplication> {
  const server = serverConfig();
  const adapter = createHttpAdapter(server, secretsConfig(), logger);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.setGlobalPrefix('api/v1', { exclude: ['health', 'health/live', 'health/ready', 'metrics'] });
  const { page, docs } = securityHeaders(server.publicUrl);
  serveApiDocs(app, docs);
  await serveWebApp(adapter.getInstance(), page);
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
