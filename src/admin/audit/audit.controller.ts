import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { Verification } from '../../audit/verification.js';
import { VerifyInThread } from '../../audit/verify-in-thread.js';
import { Allow } from '../../auth/access.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { OpenedAnswer } from '../../common/answers.openapi.js';
import { ValidQuery } from '../../common/valid-body.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { AdminActs } from '../admin-acts.js';
import { AdminActProblems, AdminProblems } from '../admin.openapi.js';
import { VerificationDto } from '../system/system.dto.js';
import { FoundEventsDto } from './audit-answers.dto.js';
import { AUDIT_PAGE, AuditExportDto, AuditSearchDto } from './audit-query.dto.js';
import { ExportAudit } from './export-audit.js';
import { ReadFilter } from './read-filter.js';
import { SearchAudit, type FoundEvents } from './search-audit.js';
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

  @Get()
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'Search events, newest first' })
  @OpenedAnswer(200, FoundEventsDto)
  @AdminProblems('validation_failed')
  async search(@ValidQuery(AuditSearchDto) query: AuditSearchDto): Promise<FoundEvents> {
    const limit = Number(query.limit ?? AUDIT_PAGE.standard);
    return this.searchAudit.execute(this.readFilter.execute(query), limit, query.cursor);
  }

  @Get('export')
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({
    summary: 'Export the same events as a file; a connection that breaks off means an incomplete export',
  })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @OpenedAnswer(200, String)
  @AdminProblems('validation_failed')
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

  @Post('verify')
  @HttpCode(200)
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({
    summary: 'Verify the trail; answers when it is done, one check at a time',
  })
  @OpenedAnswer(200, VerificationDto)
  @AdminActProblems()
  async verify(@Caller() caller: Principal): Promise<Verification> {
    const verification = await this.verifyTrail.execute();
    this.acts.note(caller, 'verified the trail', { ...verification });
    return verification;
  }
}
