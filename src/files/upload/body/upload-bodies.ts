import { API_BASE } from '@burnbag/contract';
import { errorCodes, type FastifyInstance } from 'fastify';

import type { FilesConfig, SecretsConfig } from '../../../platform/config/sections/app.config.js';
import { manifestLimit } from '../manifest.js';
import { FORM_TYPE } from '../form/multipart-form.js';
import { TUS_BODY } from '../tus/tus-headers.js';

/** Routes that stream their body, with its media type. */
const STREAMED: Readonly<Record<string, string>> = {
  [TUS_BODY]: `PATCH ${API_BASE}/uploads/:uploadId`,
  [FORM_TYPE]: `POST ${API_BASE}/files`,
};
const COMPLETION = `${API_BASE}/uploads/:uploadId/complete`;
/** JSON may write one byte as six (\u0000), and every field around the manifest fits into the rest. */
const ESCAPED = 6;
const SMALL_BODY = 16_384;
/**
 * Bytes of a file of a manifest in JSON: three members and the separators between them; and of everything
 * else.
 */
const ITEMS_PER_FILE = 8;
const OTHER_ITEMS = 128;

/** Content parsers of uploads. Fastify needs them before the routes. */
export function takeUploads(app: FastifyInstance, files: FilesConfig, secrets: SecretsConfig): void {
  for (const [type, route] of Object.entries(STREAMED)) streamBodies(app, type, route);
  const bodyLimit = manifestLimit(files, secrets) * ESCAPED + SMALL_BODY;
  app.addHook('onRoute', (route) => {
    if (route.url !== COMPLETION) return;
    route.bodyLimit = bodyLimit;
    route.config = { ...route.config, jsonItems: files.countMax * ITEMS_PER_FILE + OTHER_ITEMS };
  });
}

/** Leaves bodies of this type unread for one route, and refuses them everywhere else. */
function streamBodies(app: FastifyInstance, type: string, wanted: string): void {
  app.addContentTypeParser(type, (request, body, done) => {
    const route = `${request.method} ${request.routeOptions.url}`;
    if (route === wanted || request.is404) done(null, body);
    else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE());
  });
}
