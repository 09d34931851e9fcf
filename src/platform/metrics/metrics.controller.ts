import { Controller, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Route } from '../route/route.decorator.js';
import { MetricsService } from './metrics.service.js';

@ApiExcludeController()
@Controller()
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Route('GET', 'metrics', { allow: 'unasked', limit: 'none' })
  @Header('Cache-Control', 'no-store')
  async expose(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.contentType);
    return this.metrics.expose();
  }
}
