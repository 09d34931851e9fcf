import { API_BASE } from '@burnbag/contract';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule } from './app.module.js';
import { AuditContext } from './audit/events/audit-context.js';
import { AccessGuard } from './auth/access.guard.js';
import { ACCESS_SETTINGS } from './auth/access.rules.js';
import { NestLogger, type AppLogger } from './platform/logging/logger.js';
import { TRACING, type Tracing } from './platform/tracing/tracing.port.js';
import { filesConfig, secretsConfig, serverConfig } from './platform/config/sections/app.config.js';
import { takeUploads } from './files/upload/body/upload-bodies.js';
import { serveApiDocs } from './platform/http/openapi/api-docs.js';
import { trustedProxies } from './platform/http/client-address.js';
import { createHttpAdapter } from './platform/http/http-adapter.js';
import { logRequests } from './platform/http/request-log.js';
import { securityHeaders } from './platform/http/security-headers.js';
import { MetricsInterceptor } from './platform/metrics/metrics.interceptor.js';
import { MetricsService } from './platform/metrics/metrics.service.js';
import { serveWebApp } from './web/web-app.js';

/** The whole application, ready to listen. The environment must have been checked before. */
export async function createApp(loggers: AppLogger): Promise<NestFastifyApplication> {
  const server = serverConfig();
  const adapter = createHttpAdapter(server, secretsConfig(), loggers);
  takeUploads(adapter.getInstance(), filesConfig(), secretsConfig());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, {
    logger: new NestLogger(loggers.logger),
    bodyParser: false,
    abortOnError: false,
  });
  // Before the first route: it guards what is registered from here on.
  app.get(AccessGuard).register(adapter.getInstance());
  const origins = app.get(AuditContext);
  logRequests(adapter.getInstance(), loggers.requests, (ip) => origins.keeps(ip));
  new MetricsInterceptor(app.get(MetricsService)).register(adapter.getInstance());
  app
    .get<Tracing | undefined>(TRACING)
    ?.follow(adapter.getInstance(), trustedProxies(server.trustProxy).isPeer);
  app.setGlobalPrefix(API_BASE.slice(1), { exclude: ['health', 'health/live', 'health/ready', 'metrics'] });
  const { page, docs } = securityHeaders(server.publicUrl);
  serveApiDocs(app, docs);
  await serveWebApp(adapter.getInstance(), page, app.get(ACCESS_SETTINGS));
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
