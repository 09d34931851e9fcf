import { pipeline } from 'node:stream/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { create as disposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';

import { CLOCK, type Clock } from '../../common/clock.js';
import type { ExportFormat } from './audit-query.dto.js';
import type { AuditExport } from './export-audit.js';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Sends an export as an attachment. */
@Injectable()
export class SendExport {
  private readonly logger = new Logger('Export');

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * A failure in the middle closes the connection: the answer has begun, and must not look complete.
   * @returns whether the client got all of it
   */
  async execute(
    { body }: Pick<AuditExport, 'body'>,
    format: ExportFormat,
    reply: FastifyReply,
  ): Promise<boolean> {
    const moment = new Date(this.clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    void reply
      .header('content-type', TYPES[format])
      .header('content-disposition', disposition(`burnbag-audit-${moment}.${format}`));
    // Written to the raw socket: Fastify would log the whole answer when a client disconnects.
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value);
    }
    try {
      await pipeline(body, raw);
      return true;
    } catch (error) {
      // Clients may disconnect at any time.
      if (!isPrematureClose(error)) this.logger.error({ reason: String(error) }, 'an export broke off');
      return false;
    }
  }
}
