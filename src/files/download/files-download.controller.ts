import { asciiFileName } from '@burnbag/contract';
import { Controller, Param, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import { create as disposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ValidBody } from '../../platform/http/validation/valid-body.js';
import { FILE_COUNT_MOST } from '../../platform/config/sections/files.config.js';
import { requireOwnPath } from '../../platform/http/problem/missing-route.js';
import { Route } from '../../platform/route/route.decorator.js';
import { DeliberateActGuard } from '../../secrets/credentials/deliberate-act.guard.js';
import { AcknowledgeSecretDto } from '../../secrets/claim/open-secret.dto.js';
import { claimInBody, claimInHeader } from '../../secrets/claim/offered-claim.js';
import { Secret, type SecretIds } from '../../secrets/record/secret-ids.js';
import { RequestContexts } from '../../secrets/request-context.js';
import {
  DOWNLOAD_PROBLEMS,
  FileDownload,
  LOOKING_AT_FILES_PROBLEMS,
  LookingAtFiles,
} from './download.openapi.js';
import { ReadFilesStatus } from './read-files-status.js';
import { etagOf, OpenFiles } from './open-files.js';
import { offeredBy, rangeHeaders } from './opening-headers.js';
import { lengthUnopened } from './download-content.js';
import { LeaseDto, RenewLease } from './renew-lease.js';

/** A fixed type, so that a browser never renders it: the sender's type is not sent. */
const CONTENT_TYPE = 'application/octet-stream';

const INDEX_PARAM = {
  name: 'index',
  description: 'Position in the manifest, from 0.',
  schema: { type: 'integer' as const, minimum: 0, maximum: FILE_COUNT_MOST - 1 },
};

@ApiTags('files')
@Controller('files')
export class FilesDownloadController {
  constructor(
    private readonly opening: OpenFiles,
    private readonly filesStatus: ReadFilesStatus,
    private readonly renewing: RenewLease,
    private readonly contexts: RequestContexts,
  ) {}

  @Route('GET', ':id', {
    allow: 'everyone',
    limit: { kind: 'transfer', claimIn: claimInHeader },
    summary:
      'Take the view, or continue under the same claim: the file, several as a zip, sealed ones as an age file',
    problems: DOWNLOAD_PROBLEMS,
  })
  @UseGuards(DeliberateActGuard)
  @FileDownload()
  fetch(
    @Secret() secret: SecretIds,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.send(secret, undefined, request, reply);
  }

  @Route('GET', ':id/:index', {
    allow: 'everyone',
    limit: { kind: 'transfer', claimIn: claimInHeader },
    summary: 'The same for one of several files, not for sealed ones',
    problems: DOWNLOAD_PROBLEMS,
  })
  @UseGuards(DeliberateActGuard)
  @ApiParam(INDEX_PARAM)
  @FileDownload()
  fetchOne(
    @Secret() secret: SecretIds,
    @Param('index') index: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireOwnPath(request);
    return this.send(secret, index, request, reply);
  }

  // Declared explicitly: a HEAD route derived from the GET route would take the view.
  @Route('HEAD', ':id', {
    allow: 'everyone',
    limit: 'status',
    summary: 'Read the status without changing it; no body',
    problems: LOOKING_AT_FILES_PROBLEMS,
  })
  @LookingAtFiles()
  head(
    @Secret() secret: SecretIds,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.describe(secret, undefined, request, reply);
  }

  @Route('HEAD', ':id/:index', {
    allow: 'everyone',
    limit: 'status',
    summary: 'Read the status of one file without changing it; no body',
    problems: LOOKING_AT_FILES_PROBLEMS,
  })
  @ApiParam(INDEX_PARAM)
  @LookingAtFiles()
  headOne(
    @Secret() secret: SecretIds,
    @Param('index') index: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireOwnPath(request);
    return this.describe(secret, index, request, reply);
  }

  @Route('POST', ':id/renew', {
    allow: 'everyone',
    limit: { kind: 'transfer', claimIn: claimInBody },
    summary:
      'Renew the lease of a claim to FILE_LEASE_SECONDS from now, up to FILE_LEASE_MAX: the bytes are arriving',
    answer: { status: 200, body: LeaseDto },
    problems: ['validation_failed', 'secret_not_found', 'secret_gone', 'lease_ended', 'record_damaged'],
  })
  @ApiParam({ name: 'id', format: 'uuid', description: 'The id in the link.' })
  @ApiBody({ type: AcknowledgeSecretDto })
  renew(
    @Secret() secret: SecretIds,
    @ValidBody(AcknowledgeSecretDto) { claim }: AcknowledgeSecretDto,
  ): Promise<LeaseDto> {
    return this.renewing.execute(secret, claim);
  }

  private async send(
    secret: SecretIds,
    index: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const download = await this.opening.execute(
      { secret, index, offered: offeredBy(request.headers), ...rangeHeaders(request.headers) },
      this.contexts.of(request),
    );
    const { content, etag, range: part, body } = download;
    void reply
      .headers(common(etag, content.divisible))
      .header('content-disposition', disposition(content.name, { fallback: asciiFileName(content.name) }))
      .header('content-length', part ? part.to - part.from : content.length);
    if (part) void reply.header('content-range', `bytes ${part.from}-${part.to - 1}/${content.length}`);
    // Written to the raw socket, since Fastify's streams do not report when a piece has left and its memory
    // is free.
    reply.hijack();
    const { raw } = reply;
    raw.statusCode = part ? 206 : 200;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value);
    }
    await body.sendTo(raw).catch((error: unknown) => this.opening.note(error, secret.ref));
  }

  /** Names, and the lengths of several files, are encrypted: they are not in the headers. */
  private async describe(
    secret: SecretIds,
    position: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { facts, index } = await this.filesStatus.execute(secret, position, this.contexts.of(request));
    const length = lengthUnopened(facts);
    const divisible = length !== undefined || index !== undefined;
    void reply.headers(common(etagOf(secret.ref, index), divisible));
    void reply.header('content-disposition', disposition());
    if (length !== undefined) void reply.header('content-length', length);
    void reply.send();
  }
}

function common(etag: string, divisible: boolean): Record<string, string> {
  return { 'content-type': CONTENT_TYPE, 'accept-ranges': divisible ? 'bytes' : 'none', etag };
}
