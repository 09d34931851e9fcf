import { randomUUID } from 'node:crypto';
import { maxHeaderSize, STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import {
  badRequest,
  expectationFailed,
  headersTooLarge,
  methodNotImplemented,
  payloadTooLarge,
  requestTimeout,
  versionNotSupported,
} from './problem/common.errors.js';
import { PROBLEM_TYPE, type ProblemError } from './problem/problem.js';
import { hasBegunAnswer } from './connection-limits.js';
import type { Headers } from './security-headers.js';

/**
 * Milliseconds that a refused client may go on sending before its connection is closed: closing at once could
 * lose the answer.
 */
const LINGER_MS = 1_000;
/** Node's limit for chunk extensions. */
const CHUNK_EXTENSIONS_MAX = 16_384;

/** Errors of Node's parser, by their stable codes. */
const BY_CODE: Readonly<Record<string, () => ProblemError>> = {
  ERR_HTTP_REQUEST_TIMEOUT: requestTimeout,
  HPE_HEADER_OVERFLOW: () => headersTooLarge(maxHeaderSize),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => payloadTooLarge('chunk extensions', CHUNK_EXTENSIONS_MAX),
  HPE_INVALID_METHOD: methodNotImplemented,
  HPE_INVALID_VERSION: versionNotSupported,
  HPE_PAUSED_H2_UPGRADE: versionNotSupported,
};

interface Rendered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers errors of Node's parser, before there is a request, in the form of all other errors. */
export class ParserAnswers {
  private readonly answered = new WeakSet<Socket>();

  /** @param security headers of every answer of the API */
  constructor(private readonly security: Headers) {}

  /** Replaces the answers of Node and Fastify. */
  register(server: Server): void {
    server.removeAllListeners('clientError');
    server.on('clientError', (error: Error & { code?: string }, socket) => {
      const known = BY_CODE[error.code ?? ''];
      if (error.code === 'ECONNRESET') socket.destroy();
      else this.answer(socket as Socket, known?.() ?? badRequest('The request is not HTTP.'));
    });
    server.on('connect', (_request, socket: Socket) => this.answer(socket, methodNotImplemented()));
    server.on('checkExpectation', (_request, response: ServerResponse) => {
      const { status, headers, body } = this.render(expectationFailed());
      response.writeHead(status, headers).end(body);
    });
  }

  private answer(socket: Socket, problem: ProblemError): void {
    // The parser reports again whatever arrives after its first failure.
    if (this.answered.has(socket)) return;
    this.answered.add(socket);
    // In the middle of another answer these bytes would be part of it.
    if (!socket.writable || hasBegunAnswer(socket)) {
      socket.destroy();
      return;
    }
    const { status, headers, body } = this.render(problem);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const late = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(late));
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
    socket.resume();
  }

  private render(problem: ProblemError): Rendered {
    const body = JSON.stringify(problem.body(randomUUID()));
    const headers = {
      ...this.security,
      ...problem.headers,
      'content-type': PROBLEM_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      date: new Date().toUTCString(),
      connection: 'close',
    };
    return { status: problem.kind.status, headers, body };
  }
}
