import { isUtf8 } from 'node:buffer';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { decodeUtf8, decodingOf } from '../validation/charset.js';
import { notInCharset, unsupportedCharset, validationFailed } from '../problem/common.errors.js';
import type { ProblemError } from '../problem/problem.js';
import { jsonExcess, memberThatIsNot, type JsonExcess } from './json-shape.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** See JsonLimits.items; for a route with larger bodies. */
    jsonItems?: number;
  }
}

const JSON_TYPE = 'application/json';
/** No body of the API is nested deeper than four. */
const DEPTH_MAX = 8;
/** A creation with everything there is, and twenty recipients, has fewer than fifty. */
const ITEMS_MAX = 128;

const MESSAGES: Readonly<Record<JsonExcess, (limit: number) => string>> = {
  depth: (limit) => `must be nested at most ${limit} deep`,
  items: (limit) => `must have at most ${limit} members and separators`,
};

/**
 * Parses JSON bodies strictly: refuses invalid text in its charset, and more structure than any body of the
 * API has, before an object is made.
 */
export function takeJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(JSON_TYPE);
  app.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    // An empty body counts as no body: the handler reports the missing fields.
    if (body.length === 0) return done(null, undefined);
    try {
      const bytes = asUtf8(request, body);
      const text = decodeUtf8(bytes);
      if (text === undefined) throw notInCharset(memberThatIsNot(isUtf8, bytes) ?? 'body');
      requireShape(request, bytes);
      void parse(request, text, done);
    } catch (error) {
      done(error as ProblemError);
    }
  });
}

/** The body's text in UTF-8, whatever its charset. Not checked if that is UTF-8 already. */
function asUtf8(request: FastifyRequest, body: Buffer): Buffer {
  const { 'content-type': type = JSON_TYPE } = request.raw.headers;
  if (type === JSON_TYPE) return body;
  const decode = decodingOf(type);
  if (decode === undefined) throw unsupportedCharset();
  if (decode === decodeUtf8) return body;
  const text = decode(body);
  if (text === undefined) throw notInCharset('body', 'the charset of its Content-Type');
  return Buffer.from(text, 'utf8');
}

function requireShape(request: FastifyRequest, bytes: Buffer): void {
  let excess = jsonExcess(bytes, { depth: DEPTH_MAX, items: ITEMS_MAX });
  if (excess === undefined) return;
  const items = request.routeOptions.config.jsonItems ?? ITEMS_MAX;
  if (items > ITEMS_MAX) excess = jsonExcess(bytes, { depth: DEPTH_MAX, items });
  if (excess === undefined) return;
  const limit = { depth: DEPTH_MAX, items }[excess];
  throw validationFailed([{ field: 'body', message: MESSAGES[excess](limit), limit }]);
}
