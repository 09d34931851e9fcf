import type { LiveSecrets, Principal } from '@burnbag/contract';
import { Controller, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';

import { AuditContext, type RequestOrigin } from '../../audit/events/audit-context.js';
import { Caller } from '../../auth/caller.decorator.js';
import { ValidQuery } from '../../platform/http/validation/valid-body.js';
import { Route } from '../../platform/route/route.decorator.js';
import { BurnSecret } from '../../secrets/burn/burn-secret.js';
import { UnlockSecret } from '../../secrets/unlock/unlock-secret.js';
import { AdminActs } from '../admin-acts.js';
import { ListLiveSecrets } from './list-live-secrets.js';
import { LIVE_SECRETS_PAGE, LiveSecretsDto, LiveSecretsQueryDto } from './live-secrets.dto.js';
import { REF_PATTERN, SecretRef } from './secret-ref.decorator.js';

const REF_PARAM = {
  name: 'ref',
  description: 'The public reference.',
  schema: { type: 'string', pattern: REF_PATTERN } as const,
};

@ApiTags('admin')
@Controller('admin/secrets')
export class AdminSecretsController {
  constructor(
    private readonly listSecrets: ListLiveSecrets,
    private readonly burnSecret: BurnSecret,
    private readonly unlockSecret: UnlockSecret,
    private readonly origins: AuditContext,
    private readonly acts: AdminActs,
  ) {}

  @Route('GET', '', {
    allow: 'admins',
    limit: 'status',
    summary: 'The secrets that can still be opened, by expiry',
    answer: { status: 200, body: LiveSecretsDto },
    problems: ['validation_failed'],
  })
  list(@ValidQuery(LiveSecretsQueryDto) { limit, cursor }: LiveSecretsQueryDto): Promise<LiveSecrets> {
    return this.listSecrets.execute(Number(limit ?? LIVE_SECRETS_PAGE.standard), cursor);
  }

  @Route('POST', ':ref/burn', {
    allow: 'admins',
    limit: 'status',
    summary: 'Destroy a secret unread',
    answer: { status: 204 },
    problems: ['validation_failed', 'secret_not_found', 'secret_gone'],
  })
  @ApiParam(REF_PARAM)
  async burn(
    @SecretRef() ref: Buffer,
    @Caller() caller: Principal,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    await this.burnSecret.byAdministrator(ref, this.origins.of(request));
    this.acts.note(caller, 'burned a secret', { ref: ref.toString('hex') });
  }

  @Route('POST', ':ref/unlock', {
    allow: 'admins',
    limit: 'status',
    summary: 'End the lock after wrong passphrases, and reset the attempts; idempotent',
    answer: { status: 204 },
    problems: ['validation_failed', 'secret_not_found', 'secret_gone', 'record_damaged'],
  })
  @ApiParam(REF_PARAM)
  async unlock(
    @SecretRef() ref: Buffer,
    @Caller() caller: Principal,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    const changed = await this.unlockSecret.execute(ref, this.origins.of(request));
    this.acts.note(caller, 'unlocked a secret', { ref: ref.toString('hex'), changed });
  }
}
