import { API_BASE } from '@burnbag/contract';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { clientOf } from '../../../auth/client-of.js';
import { allowLongBody } from '../../../platform/http/validation/long-body.js';
import { filesConfig, type FilesConfig } from '../../../platform/config/sections/app.config.js';
import { Route } from '../../../platform/route/route.decorator.js';
import { CreationPolicy } from '../../../secrets/create/creation-policy.js';
import { sealedBytesLimit } from '../../../secrets/create/sealed-content.js';
import { fileTooLarge } from '../../files.errors.js';
import { paced, type Pace } from '../body/body-pace.js';
import { ReceivePiece } from './receive-piece.js';
import { discardBody } from '../body/request-body.js';
import {
  bytesIn,
  requireTus,
  requireTusBody,
  TUS_BODY,
  TUS_EXTENSIONS,
  TUS_VERSION,
  WHOLE,
} from './tus-headers.js';
import { UploadId } from './upload-address.js';
import { UploadPlaces } from '../quota/upload-places.js';
import { UploadMutex } from '../lock/upload-mutex.js';
import { Uploads } from '../uploads.js';

const ID_PARAM = {
  name: 'uploadId',
  format: 'uuid',
  description: 'From the Location of the creation.',
};
const VERSION_HEADER = {
  name: 'Tus-Resumable',
  required: true,
  schema: { type: 'string' as const, enum: [TUS_VERSION] },
};

const BYTES = { type: 'string' as const, pattern: WHOLE.source };

/** tus 1.0.0 (https://tus.io/protocols/resumable-upload): the core, creation, termination and expiration. */
@ApiTags('files')
@Controller('uploads')
export class TusController {
  private readonly lengthMax: number;
  private readonly pace: Pace;

  constructor(
    @Inject(filesConfig.KEY) private readonly config: FilesConfig,
    private readonly uploads: Uploads,
    private readonly turns: UploadMutex,
    private readonly receivePiece: ReceivePiece,
    private readonly policy: CreationPolicy,
    private readonly places: UploadPlaces,
  ) {
    // A sealed payload is a little longer than its files.
    this.lengthMax = sealedBytesLimit(config.maxBytes);
    this.pace = { minRate: config.uploadMinRate, mostMs: config.uploadMaxSeconds * 1_000 };
  }

  @Route('OPTIONS', ['', ':uploadId'], {
    allow: 'everyone',
    limit: 'transfer',
    summary: 'List the features of this tus server',
    answer: { status: 204 },
  })
  options(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers({
      'tus-resumable': TUS_VERSION,
      'tus-version': TUS_VERSION,
      'tus-extension': TUS_EXTENSIONS,
      'tus-max-size': String(this.lengthMax),
    });
  }

  @Route('POST', '', {
    allow: 'creators',
    limit: 'create',
    summary: 'Begin an upload; its Location is the capability to continue',
    answer: { status: 201, description: 'Begun.' },
    problems: [
      'validation_failed',
      'policy_refused',
      'tus_version_wrong',
      'file_too_large',
      'upload_share_full',
      'storage_full',
      'files_elsewhere',
    ],
  })
  @ApiHeader(VERSION_HEADER)
  @ApiHeader({
    name: 'Upload-Length',
    required: true,
    description: 'Bytes of all files together, or of the age file.',
    schema: BYTES,
  })
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header('tus-resumable', TUS_VERSION);
    requireTus(request.headers);
    this.policy.requireFiles();
    const length = bytesIn(request.headers, 'Upload-Length');
    if (length > this.lengthMax) throw fileTooLarge('Upload-Length', this.config.maxBytes);
    const client = clientOf(request);
    const uploadId = await this.uploads.begin({ client, field: 'Upload-Length', bytes: length });
    // Relative, so that it is right behind every proxy.
    void reply.headers({
      location: `${API_BASE}/uploads/${uploadId}`,
      'upload-offset': '0',
      ...this.expiry(),
    });
  }

  @Route('HEAD', ':uploadId', {
    allow: 'creators',
    limit: 'transfer',
    summary: 'How much has arrived',
    problems: ['tus_version_wrong', 'upload_not_found', 'upload_locked', 'files_elsewhere'],
  })
  @ApiParam(ID_PARAM)
  @ApiHeader(VERSION_HEADER)
  async look(
    @UploadId() uploadId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header('tus-resumable', TUS_VERSION);
    requireTus(request.headers);
    const { length, offset } = await this.turns.run(uploadId, giveNothing, async () => {
      const upload = await this.uploads.find(uploadId);
      return { length: upload.length, offset: (await this.uploads.state(upload)).offset };
    });
    void reply.headers({ 'upload-offset': String(offset), 'upload-length': String(length) });
  }

  @Route('PATCH', ':uploadId', {
    allow: 'creators',
    limit: 'transfer',
    summary: 'Send bytes from an offset; whole chunks of 65,536 bytes and the end are kept',
    answer: { status: 204 },
    problems: [
      'bad_request',
      'validation_failed',
      'tus_version_wrong',
      'unsupported_media_type',
      'upload_not_found',
      'upload_conflict',
      'upload_too_slow',
      'too_many_uploads',
      'upload_locked',
      'files_elsewhere',
      'payload_too_large',
      'storage_full',
    ],
  })
  @ApiParam(ID_PARAM)
  @ApiHeader(VERSION_HEADER)
  @ApiHeader({ name: 'Upload-Offset', required: true, schema: BYTES })
  @ApiConsumes(TUS_BODY)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async receive(
    @UploadId() uploadId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header('tus-resumable', TUS_VERSION);
    const { raw, headers } = request;
    try {
      requireTus(headers);
      requireTusBody(headers);
      const from = bytesIn(headers, 'Upload-Offset');
      allowLongBody(raw);
      const receive = () => this.receivePiece.execute(uploadId, from, raw);
      const { offset, createdAt } = await this.places.run(clientOf(request), () =>
        paced(raw, this.pace, receive),
      );
      void reply.headers({ 'upload-offset': String(offset), ...this.expiry(createdAt) });
    } finally {
      discardBody(raw);
    }
  }

  @Route('DELETE', ':uploadId', {
    allow: 'creators',
    limit: 'transfer',
    summary: 'Delete an upload',
    answer: { status: 204 },
    problems: ['tus_version_wrong', 'upload_not_found', 'upload_locked', 'files_elsewhere'],
  })
  @ApiParam(ID_PARAM)
  @ApiHeader(VERSION_HEADER)
  async giveUp(
    @UploadId() uploadId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.header('tus-resumable', TUS_VERSION);
    requireTus(request.headers);
    await this.turns.run(uploadId, giveNothing, async () =>
      this.uploads.drop(await this.uploads.find(uploadId)),
    );
  }

  private expiry(createdAt?: number): Record<string, string> {
    return { 'upload-expires': new Date(this.uploads.keptUntil(createdAt)).toUTCString() };
  }
}

/** Status requests and deletions are short: they need not yield. */
function giveNothing(): void {
  return undefined;
}
