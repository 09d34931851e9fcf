import { Controller, Delete, Get, Head, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';

import { AuditOrigins, Origin } from '../audit/audit-origins.js';
import { DoneAnswer, OpenedAnswer } from '../common/answers.openapi.js';
import { validationFailed } from '../common/common.errors.js';
import { ValidBody } from '../common/dto.pipe.js';
import { RateLimit } from '../rate-limit/rate-limit.decorator.js';
import { CreateSecretDto } from './dto/create-secret.dto.js';
import { AcknowledgeSecretDto, BurnSecretDto, RevealSecretDto } from './dto/open-secret.dto.js';
import { PASSPHRASE_MAX_CHARACTERS } from './dto/passphrase.decorator.js';
import { CreatedSecretDto, RevealedSecretDto, SecretStatusDto } from './dto/secret-answers.dto.js';
import { DeliberateActGuard } from './deliberate-act.guard.js';
import { SecretAddressPipe, type SecretAddress } from './secret-address.pipe.js';
import { OpeningProblems, Problems } from './secrets.openapi.js';
import { AcknowledgeSecret } from './use-cases/acknowledge-secret.js';
import { BurnSecret } from './use-cases/burn-secret.js';
import { CreateSecret, type CreatedSecret } from './use-cases/create-secret.js';
import { LookAtSecret, type SecretStatus } from './use-cases/look-at-secret.js';
import { RevealSecret, type RevealedSecret } from './use-cases/reveal-secret.js';

const ID_PARAM = { name: 'id', format: 'uuid', description: 'The id in the link.' };

/** Headers carry bytes: what a script sends as UTF-8 arrives as Latin-1. */
function passphraseFrom(header: string | undefined): { passphrase?: string } {
  if (header === undefined || header === '') return {};
  const passphrase = Buffer.from(header, 'latin1').toString('utf8');
  if (passphrase.length > PASSPHRASE_MAX_CHARACTERS) {
    const limit = PASSPHRASE_MAX_CHARACTERS;
    throw validationFailed([
      { field: 'X-Passphrase', message: `must be at most ${limit} characters`, limit },
    ]);
  }
  return { passphrase };
}

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController {
  constructor(
    private readonly createSecret: CreateSecret,
    private readonly revealSecret: RevealSecret,
    private readonly acknowledgeSecret: AcknowledgeSecret,
    private readonly burnSecret: BurnSecret,
    private readonly lookAtSecret: LookAtSecret,
  ) {}

  @Post()
  @RateLimit('create')
  @ApiOperation({ summary: 'Hand a secret over' })
  @OpenedAnswer(201, CreatedSecretDto)
  @Problems(
    'validation_failed',
    'payload_too_large',
    'unsupported_media_type',
    'passphrase_busy',
    'audit_backlogged',
  )
  create(@ValidBody() dto: CreateSecretDto, @Origin(AuditOrigins) origin: string): Promise<CreatedSecret> {
    return this.createSecret.execute(dto, origin);
  }

  @Post(':id/reveal')
  @HttpCode(200)
  @RateLimit('reveal')
  @ApiOperation({ summary: 'Take one view; with a claim it can be fetched again while the lease runs' })
  @ApiParam(ID_PARAM)
  @OpenedAnswer(200, RevealedSecretDto)
  @OpeningProblems()
  reveal(
    @Param('id', SecretAddressPipe) secret: SecretAddress,
    @ValidBody() dto: RevealSecretDto,
    @Origin(AuditOrigins) origin: string,
  ): Promise<RevealedSecret> {
    return this.revealSecret.execute(secret, dto, origin);
  }

  @Get(':id')
  @RateLimit('reveal')
  @UseGuards(DeliberateActGuard)
  @ApiOperation({
    summary: 'Take one view with a plain GET, for scripts: purged at once, not for sealed secrets',
  })
  @ApiParam(ID_PARAM)
  @ApiHeader({ name: 'X-Passphrase', required: false })
  @OpenedAnswer(200, RevealedSecretDto)
  @OpeningProblems('deliberate_act_required')
  fetch(
    @Param('id', SecretAddressPipe) secret: SecretAddress,
    @Headers('x-passphrase') passphrase: string | undefined,
    @Origin(AuditOrigins) origin: string,
  ): Promise<RevealedSecret> {
    return this.revealSecret.execute(secret, passphraseFrom(passphrase), origin);
  }

  // Stated by hand: a HEAD route made out of the GET route would open the secret.
  @Head(':id')
  @RateLimit('status')
  @ApiOperation({ summary: 'Look without touching; no body' })
  @ApiParam(ID_PARAM)
  @Problems('validation_failed', 'secret_not_found', 'secret_gone')
  async head(@Param('id', SecretAddressPipe) secret: SecretAddress): Promise<void> {
    await this.lookAtSecret.execute(secret);
  }

  @Get(':id/status')
  @RateLimit('status')
  @ApiOperation({ summary: 'Look without touching' })
  @ApiParam(ID_PARAM)
  @OpenedAnswer(200, SecretStatusDto)
  @Problems('validation_failed', 'secret_not_found', 'secret_gone', 'record_damaged')
  status(@Param('id', SecretAddressPipe) secret: SecretAddress): Promise<SecretStatus> {
    return this.lookAtSecret.execute(secret);
  }

  @Post(':id/acknowledge')
  @HttpCode(204)
  @RateLimit('reveal')
  @ApiOperation({ summary: 'End the lease of a claim now; idempotent' })
  @ApiParam(ID_PARAM)
  @DoneAnswer()
  @Problems('validation_failed', 'secret_not_found', 'record_damaged')
  acknowledge(
    @Param('id', SecretAddressPipe) secret: SecretAddress,
    @ValidBody() dto: AcknowledgeSecretDto,
    @Origin(AuditOrigins) origin: string,
  ): Promise<void> {
    return this.acknowledgeSecret.execute(secret, dto, origin);
  }

  @Delete(':id')
  @HttpCode(204)
  @RateLimit('reveal')
  @ApiOperation({ summary: 'Destroy it unread: with what guards it, or with the receipt' })
  @ApiParam(ID_PARAM)
  @ApiHeader({ name: 'X-Receipt-Token', required: false })
  @DoneAnswer()
  @OpeningProblems('receipt_invalid')
  burn(
    @Param('id', SecretAddressPipe) secret: SecretAddress,
    @ValidBody() dto: BurnSecretDto,
    @Headers('x-receipt-token') receiptToken: string | undefined,
    @Origin(AuditOrigins) origin: string,
  ): Promise<void> {
    return receiptToken === undefined
      ? this.burnSecret.byReader(secret, dto, origin)
      : this.burnSecret.bySender(receiptToken, origin, secret);
  }
}
