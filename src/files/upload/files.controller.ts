import { Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { AuditOrigins, type RequestOrigin } from '../../audit/audit-origins.js';
import { Allow } from '../../auth/access.decorator.js';
import { REFUSED } from '../../auth/access.openapi.js';
import { clientOf } from '../../auth/client-of.js';
import { OpenedAnswer } from '../../common/answers.openapi.js';
import { allowLongBody } from '../../common/long-body.js';
import { ValidBody } from '../../common/valid-body.js';
import { filesConfig, type FilesConfig } from '../../config/app.config.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { CreatedSecretDto } from '../../secrets/dto/secret-answers.dto.js';
import { SealedOrNot } from '../../secrets/sealed.openapi.js';
import type { CreatedSecret } from '../../secrets/use-cases/create-secret.js';
import { FileProblems } from '../files.openapi.js';
import { paced, type Pace } from './body-pace.js';
import { CompleteUploadDto } from './complete-upload.dto.js';
import { CompleteUpload } from './complete-upload.js';
import { FORM_SCHEMA } from './form.openapi.js';
import { FORM_TYPE } from './multipart-form.js';
import { ReceiveForm } from './receive-form.js';
import { discardBody } from './request-body.js';
import { UploadId } from './upload-address.js';
import { UploadPlaces } from './upload-places.js';

const FILE_LIMITS = ['file_too_large', 'too_many_files', 'file_extension_refused'];
const CREATION = [
  'validation_failed',
  'policy_refused',
  'payload_too_large',
  'unsupported_media_type',
  'passphrase_busy',
  'audit_backlogged',
];

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
    private readonly origins: AuditOrigins,
  ) {
    this.pace = { minRate: files.uploadMinRate, mostMs: files.uploadMaxSeconds * 1_000 };
  }

  @Allow('creators')
  @Post('files')
  @RateLimit('create')
  @ApiOperation({
    summary: 'Create a secret of files with one request (curl -F file=@path); encrypted while they arrive',
  })
  @ApiConsumes(FORM_TYPE)
  @ApiBody({ schema: FORM_SCHEMA })
  @OpenedAnswer(201, CreatedSecretDto)
  @FileProblems(
    ...REFUSED.creators,
    'bad_request',
    'upload_too_slow',
    'too_many_uploads',
    'upload_share_full',
    'storage_full',
    'files_elsewhere',
    ...FILE_LIMITS,
    ...CREATION,
  )
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

  @Allow('creators')
  @Post('uploads/:uploadId/complete')
  @RateLimit('transfer')
  @ApiOperation({ summary: 'Make a secret of a complete upload; a repeated call answers the same' })
  @ApiParam({ name: 'uploadId', format: 'uuid' })
  @SealedOrNot(CompleteUploadDto, {
    sealed: {
      required: ['content', 'fileCount', 'fileBytes', 'proofHash'],
      optional: ['passphraseRequired'],
    },
    plain: { required: ['files'], optional: ['note', 'passphrase'] },
  })
  @OpenedAnswer(201, CreatedSecretDto)
  @FileProblems(
    ...REFUSED.creators,
    'upload_not_found',
    'upload_incomplete',
    'storage_full',
    'upload_locked',
    'files_elsewhere',
    'secret_gone',
    ...FILE_LIMITS,
    ...CREATION,
  )
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
