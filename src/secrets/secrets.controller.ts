import type { CreatedSecret, RevealedSecret, SecretStatus } from '@burnbag/contract';
import { Controller, Headers, Req, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';

import { AuditContext, type RequestOrigin } from '../audit/events/audit-context.js';
import { clientOf } from '../auth/client-of.js';
import { ValidBody } from '../platform/http/validation/valid-body.js';
import { Route } from '../platform/route/route.decorator.js';
import { DeliberateActGuard } from './credentials/deliberate-act.guard.js';
import { CreateSecretDto } from './create/create-secret.dto.js';
import { AcknowledgeSecretDto, BurnSecretDto, RevealSecretDto } from './claim/open-secret.dto.js';
import { CreatedSecretDto, RevealedSecretDto, SecretStatusDto } from './secret-answers.dto.js';
import { CLAIM_HEADER, claimInBody, claimInHeader } from './claim/offered-claim.js';
import { passphraseIn, type RequestHeaders } from './credentials/passphrase.header.js';
import { PassphraseHeaders } from './credentials/passphrase.openapi.js';
import { Secret, type SecretIds } from './record/secret-ids.js';
import { LOOKING_PROBLEMS, OPENING_PROBLEMS, VIEW_PROBLEMS } from './secrets.openapi.js';
import { SealedOrNot } from './create/sealed.openapi.js';
import { textBytesIn } from './create/text-bytes.js';
import { AcknowledgeSecret } from './acknowledge/acknowledge-secret.js';
import { BurnSecret } from './burn/burn-secret.js';
import { CreateSecret } from './create/create-secret.js';
import { ReadStatus } from './status/read-status.js';
import { RevealSecret } from './claim/reveal-secret.js';
import { RequestContexts } from './request-context.js';

const ID_PARAM = { name: 'id', format: 'uuid', description: 'The id in the link.' };

@ApiTags('secrets')
@Controller('secrets')
export class SecretsController {
  constructor(
    private readonly createSecret: CreateSecret,
    private readonly revealSecret: RevealSecret,
    private readonly acknowledgeSecret: AcknowledgeSecret,
    private readonly burnSecret: BurnSecret,
    private readonly readStatus: ReadStatus,
    private readonly origins: AuditContext,
    private readonly contexts: RequestContexts,
  ) {}

  @Route('POST', '', {
    allow: 'creators',
    limit: { kind: 'create', textBytesIn },
    summary: 'Create a secret',
    answer: { status: 201, body: CreatedSecretDto },
    problems: [
      'validation_failed',
      'policy_refused',
      'payload_too_large',
      'unsupported_media_type',
      'passphrase_busy',
      'audit_backlogged',
      'storage_full',
    ],
  })
  @SealedOrNot(CreateSecretDto, {
    sealed: { required: ['proofHash'], optional: ['passphraseRequired'] },
    plain: { required: [], optional: ['passphrase'] },
  })
  create(
    @ValidBody(CreateSecretDto) dto: CreateSecretDto,
    @Req() request: RequestOrigin,
  ): Promise<CreatedSecret> {
    return this.createSecret.execute(dto, this.origins.of(request), clientOf(request));
  }

  @Route('POST', ':id/reveal', {
    allow: 'everyone',
    limit: { kind: 'reveal', claimIn: claimInBody },
    summary: 'Take one view; with a claim it can be fetched again while the lease runs',
    answer: { status: 200, body: RevealedSecretDto },
    problems: VIEW_PROBLEMS,
  })
  @ApiBody({ type: RevealSecretDto })
  @ApiParam(ID_PARAM)
  reveal(
    @Secret() secret: SecretIds,
    @ValidBody(RevealSecretDto) dto: RevealSecretDto,
    @Req() request: RequestOrigin,
  ): Promise<RevealedSecret> {
    return this.revealSecret.execute(secret, dto, this.contexts.of(request));
  }

  @Route('GET', ':id', {
    allow: 'everyone',
    limit: 'reveal',
    summary: 'Take one view with a plain GET, for scripts: purged at once, not for sealed secrets',
    answer: { status: 200, body: RevealedSecretDto },
    problems: [...VIEW_PROBLEMS, 'deliberate_act_required'],
  })
  @UseGuards(DeliberateActGuard)
  @ApiParam(ID_PARAM)
  @PassphraseHeaders()
  fetch(
    @Secret() secret: SecretIds,
    @Headers() headers: RequestHeaders,
    @Req() request: RequestOrigin,
  ): Promise<RevealedSecret> {
    return this.revealSecret.execute(secret, passphraseIn(headers), this.contexts.of(request));
  }

  // Declared explicitly: a HEAD route derived from the GET route would open the secret.
  @Route('HEAD', ':id', {
    allow: 'everyone',
    limit: 'status',
    summary: 'Read the status without changing it; no body',
    answer: { status: 200, description: 'It can be opened.' },
    problems: LOOKING_PROBLEMS,
  })
  @ApiParam(ID_PARAM)
  async head(@Secret() secret: SecretIds, @Req() request: RequestOrigin): Promise<void> {
    await this.readStatus.execute(secret, this.contexts.of(request));
  }

  @Route('GET', ':id/status', {
    allow: 'everyone',
    limit: { kind: 'status', claimIn: claimInHeader },
    summary: 'Read the status without changing it',
    answer: { status: 200, body: SecretStatusDto },
    problems: [...LOOKING_PROBLEMS, 'record_damaged'],
  })
  @ApiParam(ID_PARAM)
  @ApiHeader({
    name: CLAIM_HEADER,
    required: false,
    description:
      'Of a reader who has a lease: answered also while others have used up the limit of the IP address.',
  })
  status(@Secret() secret: SecretIds, @Req() request: RequestOrigin): Promise<SecretStatus> {
    return this.readStatus.execute(secret, this.contexts.of(request));
  }

  @Route('POST', ':id/acknowledge', {
    allow: 'everyone',
    limit: { kind: 'reveal', claimIn: claimInBody },
    summary: 'End the lease of a claim now; idempotent',
    answer: { status: 204 },
    problems: ['validation_failed', 'secret_not_found', 'record_damaged'],
  })
  @ApiBody({ type: AcknowledgeSecretDto })
  @ApiParam(ID_PARAM)
  acknowledge(
    @Secret() secret: SecretIds,
    @ValidBody(AcknowledgeSecretDto) dto: AcknowledgeSecretDto,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    return this.acknowledgeSecret.execute(secret, dto, this.origins.of(request));
  }

  @Route('DELETE', ':id', {
    allow: 'everyone',
    limit: 'reveal',
    summary: 'Destroy it unread: with its credentials, or with the receipt',
    answer: { status: 204 },
    problems: [...OPENING_PROBLEMS, 'receipt_invalid'],
  })
  @ApiBody({ type: BurnSecretDto })
  @ApiParam(ID_PARAM)
  @ApiHeader({ name: 'X-Receipt-Token', required: false })
  burn(
    @Secret() secret: SecretIds,
    @ValidBody(BurnSecretDto) dto: BurnSecretDto,
    @Headers('x-receipt-token') receiptToken: string | undefined,
    @Req() request: RequestOrigin,
  ): Promise<void> {
    return receiptToken === undefined
      ? this.burnSecret.byReader(secret, dto, this.contexts.of(request))
      : this.burnSecret.bySender(receiptToken, this.origins.of(request), secret);
  }
}
