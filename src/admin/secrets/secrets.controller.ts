import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';

import { AuditOrigins, type RequestOrigin } from '../../audit/audit-origins.js';
import { Allow } from '../../auth/access.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { DoneAnswer, OpenedAnswer } from '../../common/answers.openapi.js';
import { ValidQuery } from '../../common/valid-body.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { BurnSecret } from '../../secrets/use-cases/burn-secret.js';
import { UnlockSecret } from '../../secrets/use-cases/unlock-secret.js';
import { AdminActs } from '../admin-acts.js';
import { AdminActProblems, AdminProblems } from '../admin.openapi.js';
import { ListLiveSecrets, type LiveSecrets } from './list-live-secrets.js';
import { LIVE_SECRETS_PAGE, LiveSecretsDto, LiveSecretsQueryDto } from './live-secrets.dto.js';
import { SecretRef } from './secret-ref.decorator.js';

const REF_PARAM = { name: 'ref', description: 'The public reference, 32 hex digits.' };

@ApiTags('admin')
@Controller('admin/secrets')
export class AdminSecretsController {
  constructor(
    private readonly listSecrets: ListLiveSecrets,
    private readonly burnSecret: BurnSecret,
    private readonly unlockSecret: UnlockSecret,
    private readonly origins: AuditOrigins,
    private readonly acts: AdminActs,
  ) {}

  @Get()
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'The secrets that can still be opened, by expiry' })
  @OpenedAnswer(200, LiveSecretsDto)
  @AdminProblems('validation_failed')
  list(@ValidQuery(LiveSecretsQueryDto) { limit, cursor }: LiveSecretsQueryDto): Promise<LiveSecrets> {
    return this.listSecrets.execute(Number(limit ?? LIVE_SECRETS_PAGE.standard), cursor);
  }

  @Post(':ref/burn')
  @HttpCode(204)
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'Destroy a secret unread' })
  @ApiParam(REF_PARAM)
  @DoneAnswer()
  @AdminActProblems('validation_failed', 'secret_not_found', 'secret_gone')
  async burn(
    @SecretRef() ref: Buffer,
    @Caller() caller: Principal,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    await this.burnSecret.byAdministrator(ref, this.origins.of(request));
    this.acts.note(caller, 'burned a secret', { ref: ref.toString('hex') });
  }

  @Post(':ref/unlock')
  @HttpCode(204)
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'End the lock after wrong passphrases, and reset the attempts; idempotent' })
  @ApiParam(REF_PARAM)
  @DoneAnswer()
  @AdminActProblems('validation_failed', 'secret_not_found', 'secret_gone', 'record_damaged')
  async unlock(
    @SecretRef() ref: Buffer,
    @Caller() caller: Principal,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    const changed = await this.unlockSecret.execute(ref, this.origins.of(request));
    this.acts.note(caller, 'unlocked a secret', { ref: ref.toString('hex'), changed });
  }
}
