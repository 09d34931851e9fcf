import type { CreatedSecret } from '@burnbag/contract';
import { Controller, Inject, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { AuditContext, type RequestOrigin } from '../../audit/events/audit-context.js';
import { clientOf } from '../../auth/client-of.js';
import { allowLongBody } from '../../platform/http/validation/long-body.js';
import { ValidBody } from '../../platform/http/validation/valid-body.js';
import { filesConfig, type FilesConfig } from '../../platform/config/sections/app.config.js';
import { Route } from '../../platform/route/route.decorator.js';
import { CreatedSecretDto } from '../../secrets/secret-answers.dto.js';
import { SealedOrNot } from '../../secrets/create/sealed.openapi.js';
import { paced, type Pace } from './body/body-pace.js';
import { CompleteUploadDto } from './complete-upload.dto.js';
import { CompleteUpload } from './complete-upload.js';
import { FORM_SCHEMA } from './form/form.openapi.js';
import { FORM_TYPE } from './form/multipart-form.js';
import { ReceiveForm } from './form/receive-form.js';
import { discardBody } from './body/request-body.js';
import { UploadId } from './tus/upload-address.js';
import { UploadPlaces } from './quota/upload-places.js';

const FILE_LIMITS = ['file_too_large', 'too_many_files', 'file_extension_refused'] as const;
const CREATION = [
  'validation_failed',
  'policy_refused',
  'payload_too_large',
  'unsupported_media_type',
  'passphrase_busy',
  'audit_backlogged',
] as const;

/** Receives files: of a form, or of a complete upload. */
@ApiTags('files')
@Controller()
export class FilesController {
  private readonly pace: Pace;

  constructor(
    @Inject(filesConfig.KEY) files: FilesConfig,
    private readonly places: UploadPlaces,
    private readonly receiveForm: ReceiveForm,
    private readonly completeUpload: CompleteUpload,
    private readonly origins: AuditContext,
  ) {
    this.pace = { minRate: files.uploadMinRate, mostMs: files.uploadMaxSeconds * 1_000 };
  }

  @Route('POST', 'files', {
    allow: 'creators',
    limit: 'create',
    summary: 'Create a secret of files with one request (curl -F file=@path); encrypted while they arrive',
    answer: { status: 201, body: CreatedSecretDto },
    problems: [
      'bad_request',
      'upload_too_slow',
      'too_many_uploads',
      'upload_share_full',
      'storage_full',
      'files_elsewhere',
      ...FILE_LIMITS,
      ...CREATION,
    ],
  })
  @ApiConsumes(FORM_TYPE)
  @ApiBody({ schema: FORM_SCHEMA })
  async send(@Req() request: FastifyRequest): Promise<CreatedSecret> {
    const { raw } = request;
    allowLongBody(raw);
    try {
      const client = clientOf(request);
      const sender = { origin: this.origins.of(request), client };
      const receive = () => this.receiveForm.execute(raw, sender);
      return await this.places.run(client, () => paced(raw, this.pace, receive));
    } finally {
      discardBody(raw);
    }
  }

  @Route('POST', 'uploads/:uploadId/complete', {
    allow: 'creators',
    limit: 'transfer',
    summary: 'Make a secret of a complete upload; a repeated call answers the same',
    answer: { status: 201, body: CreatedSecretDto },
    problems: [
      'upload_not_found',
      'upload_incomplete',
      'storage_full',
      'upload_locked',
      'files_elsewhere',
      'secret_gone',
      ...FILE_LIMITS,
      ...CREATION,
    ],
  })
  @ApiParam({ name: 'uploadId', format: 'uuid' })
  @SealedOrNot(CompleteUploadDto, {
    sealed: {
      required: ['content', 'fileCount', 'fileBytes', 'proofHash'],
      optional: ['passphraseRequired'],
    },
    plain: { required: ['files'], optional: ['note', 'passphrase'] },
  })
  complete(
    @UploadId() uploadId: string,
    @ValidBody(CompleteUploadDto) dto: CompleteUploadDto,
    @Req() request: RequestOrigin,
  ): Promise<CreatedSecret> {
    return this.completeUpload.execute(uploadId, dto, {
      origin: this.origins.of(request),
      client: clientOf(request),
    });
  }
}
