import { Controller, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Route } from '../route/route.decorator.js';
import { HealthService, type HealthReport } from './health.service.js';

function isServing(status: HealthReport['status']): boolean {
  return status === 'ok' || status === 'degraded';
}

/** Probes. They reveal nothing of use to an attacker. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** The process runs and answers; restart it when it does not. */
  @Route('GET', 'live', { allow: 'unasked', limit: 'none' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * Send traffic here only while this is 200. It stays 200 while `degraded`: opening and burning still work
   * without the audit database, and removing every replica would stop them too.
   */
  @Route('GET', 'ready', { allow: 'unasked', limit: 'none' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: HealthReport['status'] }> {
    const { status } = await this.health.report();
    if (!isServing(status)) void reply.code(503);
    return { status };
  }

  @Route('GET', '', { allow: 'unasked', limit: 'none' })
  async detail(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.health.report();
    if (!isServing(report.status)) void reply.code(503);
    return report;
  }
}
