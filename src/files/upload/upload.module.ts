import { Inject, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { errorCodes, type FastifyInstance } from 'fastify';

import { AuditModule } from '../../audit/audit.module.js';
import { CLOCK, systemClock } from '../../common/clock.js';
import { ID_GENERATOR, randomIds } from '../../common/id-generator.js';
import { filesConfig, secretsConfig, type FilesConfig, type SecretsConfig } from '../../config/app.config.js';
import { configuredCrypto } from '../../crypto/configured-crypto.module.js';
import { RANDOM_SOURCE, systemRandom } from '../../crypto/random-source.port.js';
import { RedisModule } from '../../redis/redis.module.js';
import { RedisService } from '../../redis/redis.service.js';
import { SecretsModule } from '../../secrets/secrets.module.js';
import { BlobModule } from '../store/blob.module.js';
import { CompleteUpload } from './complete-upload.js';
import { FilesController } from './files.controller.js';
import { manifestLimit } from './manifest.js';
import { FORM_TYPE } from './multipart-form.js';
import { ReceiveForm } from './receive-form.js';
import { ReceivePiece } from './receive-piece.js';
import { RedisUploadLock } from './redis-upload-lock.js';
import { RedisUploadRecords } from './redis-upload-records.js';
import { StorageQuota } from './storage-quota.js';
import { TUS_BODY } from './tus-headers.js';
import { TusController } from './tus.controller.js';
import { noLock, UPLOAD_LOCK, type UploadLock } from './upload-lock.port.js';
import { UPLOAD_RECORDS } from './upload-records.port.js';
import { UploadTurns } from './upload-turns.js';
import { Uploads } from './uploads.js';

/** Routes that read their body themselves, as it arrives, and the type that it has there. */
const STREAMED: Readonly<Record<string, string>> = {
  [TUS_BODY]: 'PATCH /api/v1/uploads/:uploadId',
  [FORM_TYPE]: 'POST /api/v1/files',
};
const COMPLETION = '/api/v1/uploads/:uploadId/complete';
/** JSON may write one byte as six (\u0000), and every field around the manifest fits into the rest. */
const ESCAPED = 6;
const SMALL_BODY = 16_384;

/** Files in. */
@Module({
  imports: [RedisModule, SecretsModule, AuditModule, BlobModule, configuredCrypto],
  controllers: [TusController, FilesController],
  providers: [
    { provide: CLOCK, useValue: systemClock },
    { provide: ID_GENERATOR, useValue: randomIds },
    { provide: RANDOM_SOURCE, useValue: systemRandom },
    {
      provide: UPLOAD_RECORDS,
      inject: [RedisService],
      useFactory: (redis: RedisService) => new RedisUploadRecords(redis),
    },
    {
      provide: UPLOAD_LOCK,
      inject: [filesConfig.KEY, RedisService],
      // Nobody shares a disk with this process.
      useFactory: ({ store }: FilesConfig, redis: RedisService): UploadLock =>
        store === 's3' ? new RedisUploadLock(redis, systemRandom) : noLock,
    },
    StorageQuota,
    UploadTurns,
    Uploads,
    ReceivePiece,
    ReceiveForm,
    CompleteUpload,
  ],
})
export class UploadModule {
  /** Here and not in a hook of Nest's: Fastify has to know how routes take their bodies before it is given them. */
  constructor(
    { httpAdapter }: HttpAdapterHost<FastifyAdapter>,
    @Inject(filesConfig.KEY) files: FilesConfig,
    @Inject(secretsConfig.KEY) secrets: SecretsConfig,
  ) {
    const app: FastifyInstance = httpAdapter.getInstance();
    for (const [type, route] of Object.entries(STREAMED)) streamBodies(app, type, route);
    const bodyLimit = manifestLimit(files, secrets) * ESCAPED + SMALL_BODY;
    app.addHook('onRoute', (route) => {
      if (route.url === COMPLETION) route.bodyLimit = bodyLimit;
    });
  }
}

/** Leaves bodies of this type unread for one route, and refuses them everywhere else. */
function streamBodies(app: FastifyInstance, type: string, wanted: string): void {
  app.addContentTypeParser(type, (request, body, done) => {
    const route = `${request.method} ${request.routeOptions.url}`;
    if (route === wanted || request.is404) done(null, body);
    else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE());
  });
}
