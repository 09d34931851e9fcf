import { isUtf8 } from 'node:buffer';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { decodeUtf8, decodingOf, type TextDecoding } from '../validation/charset.js';
import { notInCharset, unsupportedCharset, validationFailed } from '../problem/common.errors.js';
import type { ProblemError } from '../problem/problem.js';
import { collectBody } from './collect-body.js';
import { JsonShape, memberThatIsNot, type JsonExcess } from './json-shape.js';

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
  app.addContentTypeParser(JSON_TYPE, (request, payload, done) => {
    const decode = decodingOf(request.raw.headers['content-type'] ?? JSON_TYPE);
    const shape = new ShapeCheck(request);
    const take = (piece: Buffer): void => {
      // In another charset the bytes do not tell the shape.
      if (decode === decodeUtf8) shape.take(piece);
    };
    collectBody(request, payload, take, (error, body) => {
      if (body === undefined) return done(error);
      // An empty body counts as no body: the handler reports the missing fields.
      if (body.length === 0) return done(null, undefined);
      try {
        void parse(request, textOf(body, decode, shape), done);
      } catch (refusal) {
        done(refusal as ProblemError);
      }
    });
  });
}

class ShapeCheck {
  private readonly items: number;
  private readonly shape: JsonShape;

  constructor({ routeOptions: { config } }: FastifyRequest) {
    this.items = config.jsonItems ?? ITEMS_MAX;
    this.shape = new JsonShape({ depth: DEPTH_MAX, items: this.items });
  }

  /** @throws ProblemError `validation_failed` */
  take(piece: Uint8Array): void {
    const excess = this.shape.take(piece);
    if (excess === undefined) return;
    const limit = { depth: DEPTH_MAX, items: this.items }[excess];
    throw validationFailed([{ field: 'body', message: MESSAGES[excess](limit), limit }]);
  }
}

/** @throws ProblemError for bytes that are not text of the charset, and for one that is not accepted */
function textOf(body: Buffer, decode: TextDecoding | undefined, shape: ShapeCheck): string {
  const text = decode?.(body);
  if (decode === undefined) throw unsupportedCharset();
  if (text === undefined && decode === decodeUtf8)
    throw notInCharset(memberThatIsNot(isUtf8, body) ?? 'body');
  if (text === undefined) throw notInCharset('body', 'the charset of its Content-Type');
  if (decode !== decodeUtf8) shape.take(Buffer.from(text, 'utf8'));
  return text;
}
