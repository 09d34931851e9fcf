import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

/** Fields that could open a secret if they were logged by mistake. */
const REDACTED = [
  'id',
  'url',
  'receiptToken',
  'receiptUrl',
  'content',
  'passphrase',
  'proof',
  'claim',
  'body',
];

const censored = REDACTED.flatMap((name) => [name, `*.${name}`]);

/** Options of the structured logger: JSON lines, ISO times, nothing that opens a secret. */
export function loggerOptions(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...censored, 'req.headers', 'req.url', 'headers'], censor: '[redacted]' },
  };
}

export interface AppLogger {
  readonly logger: Logger;
  /** For request lines only: their fields are fixed, so they need no redaction, which costs a twentieth of a request. */
  readonly requests: Logger;
  readonly flush: () => void;
}

/**
 * The process' logger. Lines are written in batches, since a write for each request costs a third of the
 * throughput; the rest is flushed at exit.
 */
export function createLogger(level: string): AppLogger {
  const destination: DestinationStream & { flushSync(): void } = pino.destination({
    dest: 1,
    sync: false,
    minLength: 2_048,
    periodicFlush: 250,
  });
  const logger = pino(loggerOptions(level), destination);
  const { redact: _, ...plain } = loggerOptions(level);
  return { logger, requests: pino(plain, destination), flush: () => destination.flushSync() };
}

/** Nest's own start messages, of interest to developers only. */
const FRAMEWORK: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

/** Nest's own messages through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]) => this.write('info', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]) => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]) => this.write('fatal', message, rest);

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    // main reports a failed start once.
    if (context === 'ExceptionHandler') return;
    const fields = typeof message === 'object' && message !== null ? message : {};
    const text = typeof message === 'string' ? message : typeof rest[0] === 'string' ? rest[0] : '';
    const shown = level === 'info' && FRAMEWORK.has(context) ? 'debug' : level;
    this.logger[shown]({ ...fields, context: typeof context === 'string' ? context : undefined }, text);
  }
}
