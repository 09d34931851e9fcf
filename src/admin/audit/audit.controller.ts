import type { FoundEvents, Principal, Verification } from '@burnbag/contract';
import { Controller, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { VerifyInThread } from '../../audit/verify/verify-in-thread.js';
import { Caller } from '../../auth/caller.decorator.js';
import { ValidQuery } from '../../platform/http/validation/valid-body.js';
import { Route } from '../../platform/route/route.decorator.js';
import { AdminActs } from '../admin-acts.js';
import { VerificationDto } from '../system/system.dto.js';
import { FoundEventsDto } from './audit-answers.dto.js';
import { AUDIT_PAGE, AuditExportDto, AuditSearchDto } from './audit-query.dto.js';
import { ExportAudit } from './export-audit.js';
import { ReadFilter } from './read-filter.js';
import { SearchAudit } from './search-audit.js';
import { SendExport } from './send-export.js';

@ApiTags('admin')
@Controller('admin/audit')
export class AuditController {
  constructor(
    private readonly readFilter: ReadFilter,
    private readonly searchAudit: SearchAudit,
    private readonly exportAudit: ExportAudit,
    private readonly sendExport: SendExport,
    private readonly verifyTrail: VerifyInThread,
    private readonly acts: AdminActs,
  ) {}

  @Route('GET', '', {
    allow: 'admins',
    limit: 'status',
    summary: 'Search events, newest first',
    answer: { status: 200, body: FoundEventsDto },
    problems: ['validation_failed'],
  })
  async search(@ValidQuery(AuditSearchDto) query: AuditSearchDto): Promise<FoundEvents> {
    const limit = Number(query.limit ?? AUDIT_PAGE.standard);
    return this.searchAudit.execute(this.readFilter.execute(query), limit, query.cursor);
  }

  @Route('GET', 'export', {
    allow: 'admins',
    limit: 'status',
    summary: 'Export the same events as a file; a connection that breaks off means an incomplete export',
    answer: { status: 200, body: String },
    problems: ['validation_failed'],
  })
  @ApiProduces('text/csv', 'application/x-ndjson')
  async export(
    @ValidQuery(AuditExportDto) query: AuditExportDto,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { format, ...filter } = query;
    const found = await this.exportAudit.execute(this.readFilter.execute(filter), format);
    this.acts.note(caller, 'began an export of the trail', { format, filter });
    const isWhole = await this.sendExport.execute(found, format, reply);
    this.acts.note(caller, 'finished an export of the trail', { format, events: found.events, isWhole });
  }

  @Route('POST', 'verify', {
    allow: 'admins',
    limit: 'status',
    summary: 'Verify the trail; answers when it is done, one check at a time',
    answer: { status: 200, body: VerificationDto },
  })
  async verify(@Caller() caller: Principal): Promise<Verification> {
    const verification = await this.verifyTrail.execute();
    this.acts.note(caller, 'verified the trail', { ...verification });
    return verification;
  }
}
