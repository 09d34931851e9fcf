import { Controller, Delete, Get, Head, Headers, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';

import { AuditOrigins, type RequestOrigin } from '../audit/audit-origins.js';
import { Allow } from '../auth/access.decorator.js';
import { REFUSED } from '../auth/access.openapi.js';
import { clientOf } from '../auth/client-of.js';
import { DoneAnswer, OpenedAnswer } from '../common/answers.openapi.js';
import { ValidBody } from '../common/valid-body.js';
import { CreateLimit, RateLimit } from '../rate-limit/rate-limit.decorator.js';
import { DeliberateActGuard } from './deliberate-act.guard.js';
import { CreateSecretDto } from './dto/create-secret.dto.js';
import { AcknowledgeSecretDto, BurnSecretDto, RevealSecretDto } from './dto/open-secret.dto.js';
import { CreatedSecretDto, RevealedSecretDto, SecretStatusDto } from './dto/secret-answers.dto.js';
import { CLAIM_HEADER, claimInBody, claimInHeader } from './offered-claim.js';
import { passphraseIn, type RequestHeaders } from './passphrase.header.js';
import { PassphraseHeaders } from './passphrase.openapi.js';
import { Secret, type SecretAddress } from './secret-address.js';
import { LOOKING_PROBLEMS, OpeningProblems, Problems } from './secrets.openapi.js';
import { SealedOrNot } from './sealed.openapi.js';
import { textBytesIn } from './text-bytes.js';
import { AcknowledgeSecret } from './use-cases/acknowledge-secret.js';
import { BurnSecret } from './use-cases/burn-secret.js';
import { CreateSecret, type CreatedSecret } from './use-cases/create-secret.js';
import { LookAtSecret, type SecretStatus } from './use-cases/look-at-secret.js';
import { RevealSecret, type RevealedSecret } from './use-cases/reveal-secret.js';
import { Visitors } from './visitor.js';

const ID_PARAM = { name: 'id', format: 'uuid', description: 'The id in the link.' };

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController {
  constructor(
    private readonly createSecret: CreateSecret,
    private readonly revealSecret: RevealSecret,
    private readonly acknowledgeSecret: AcknowledgeSecret,
    private readonly burnSecret: BurnSecret,
    private readonly lookAtSecret: LookAtSecret,
    private readonly origins: AuditOrigins,
    private readonly visitors: Visitors,
  ) {}

  @Allow('creators')
  @Post()
  @CreateLimit(textBytesIn)
  @ApiOperation({ summary: 'Create a secret' })
  @SealedOrNot(CreateSecretDto, {
    sealed: { required: ['proofHash'], optional: ['passphraseRequired'] },
    plain: { required: [], optional: ['passphrase'] },
  })
  @OpenedAnswer(201, CreatedSecretDto)
  @Problems(
    ...REFUSED.creators,
    'validation_failed',
    'policy_refused',
    'payload_too_large',
    'unsupported_media_type',
    'passphrase_busy',
    'audit_backlogged',
    'storage_full',
    'text_quota_reached',
  )
  create(
    @ValidBody(CreateSecretDto) dto: CreateSecretDto,
    @Req() request: RequestOrigin,
  ): Promise<CreatedSecret> {
    return this.createSecret.execute(dto, this.origins.of(request), clientOf(request));
  }

  @Allow('everyone')
  @Post(':id/reveal')
  @HttpCode(200)
  @RateLimit('reveal', claimInBody)
  @ApiOperation({ summary: 'Take one view; with a claim it can be fetched again while the lease runs' })
  @ApiBody({ type: RevealSecretDto })
  @ApiParam(ID_PARAM)
  @OpenedAnswer(200, RevealedSecretDto)
  @OpeningProblems()
  reveal(
    @Secret() secret: SecretAddress,
    @ValidBody(RevealSecretDto) dto: RevealSecretDto,
    @Req() request: RequestOrigin,
  ): Promise<RevealedSecret> {
    return this.revealSecret.execute(secret, dto, this.visitors.of(request));
  }

  @Allow('everyone')
  @Get(':id')
  @RateLimit('reveal')
  @UseGuards(DeliberateActGuard)
  @ApiOperation({
    summary: 'Take one view with a plain GET, for scripts: purged at once, not for sealed secrets',
  })
  @ApiParam(ID_PARAM)
  @PassphraseHeaders()
  @OpenedAnswer(200, RevealedSecretDto)
  @OpeningProblems('deliberate_act_required')
  fetch(
    @Secret() secret: SecretAddress,
    @Headers() headers: RequestHeaders,
    @Req() request: RequestOrigin,
  ): Promise<RevealedSecret> {
    return this.revealSecret.execute(secret, passphraseIn(headers), this.visitors.of(request));
  }

  // Declared explicitly: a HEAD route derived from the GET route would open the secret.
  @Allow('everyone')
  @Head(':id')
  @RateLimit('status')
  @ApiOperation({ summary: 'Read the status without changing it; no body' })
  @ApiParam(ID_PARAM)
  @ApiResponse({ status: 200, description: 'It can be opened.' })
  @Problems(...LOOKING_PROBLEMS)
  async head(@Secret() secret: SecretAddress, @Req() request: RequestOrigin): Promise<void> {
    await this.lookAtSecret.execute(secret, this.visitors.of(request));
  }

  @Allow('everyone')
  @Get(':id/status')
  @RateLimit('status', claimInHeader)
  @ApiOperation({ summary: 'Read the status without changing it' })
  @ApiParam(ID_PARAM)
  @ApiHeader({
    name: CLAIM_HEADER,
    required: false,
    description:
      'Of a reader who has a lease: answered also while others have used up the limit of the IP address.',
  })
  @OpenedAnswer(200, SecretStatusDto)
  @Problems(...LOOKING_PROBLEMS, 'record_damaged')
  status(@Secret() secret: SecretAddress, @Req() request: RequestOrigin): Promise<SecretStatus> {
    return this.lookAtSecret.execute(secret, this.visitors.of(request));
  }

  @Allow('everyone')
  @Post(':id/acknowledge')
  @HttpCode(204)
  @RateLimit('reveal', claimInBody)
  @ApiOperation({ summary: 'End the lease of a claim now; idempotent' })
  @ApiBody({ type: AcknowledgeSecretDto })
  @ApiParam(ID_PARAM)
  @DoneAnswer()
  @Problems('validation_failed', 'secret_not_found', 'record_damaged')
  acknowledge(
    @Secret() secret: SecretAddress,
    @ValidBody(AcknowledgeSecretDto) dto: AcknowledgeSecretDto,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    return this.acknowledgeSecret.execute(secret, dto, this.origins.of(request));
  }

  @Allow('everyone')
  @Delete(':id')
  @HttpCode(204)
  @RateLimit('reveal')
  @ApiOperation({ summary: 'Destroy it unread: with its credentials, or with the receipt' })
  @ApiBody({ type: BurnSecretDto })
  @ApiParam(ID_PARAM)
  @ApiHeader({ name: 'X-Receipt-Token', required: false })
  @DoneAnswer()
  @OpeningProblems('receipt_invalid')
  burn(
    @Secret() secret: SecretAddress,
    @ValidBody(BurnSecretDto) dto: BurnSecretDto,
    @Headers('x-receipt-token') receiptToken: string | undefined,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    return receiptToken === undefined
      ? this.burnSecret.byReader(secret, dto, this.visitors.of(request))
      : this.burnSecret.bySender(receiptToken, this.origins.of(request), secret);
  }
}
