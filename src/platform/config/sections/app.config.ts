import { withoutTrailing } from '@burnbag/contract';
import { registerAs, type ConfigType } from '@nestjs/config';

import { auditArea } from './audit.config.js';
import { authArea, authProblems } from './auth.config.js';
import { ConfigError, readArea } from '../config.reader.js';
import type { AreaValues, ConfigArea, Environment } from '../config.schema.js';
import { cryptoArea } from './crypto.config.js';
import { databaseArea } from './database.config.js';
import { filesArea } from './files.config.js';
import { rateLimitArea } from './rate-limit.config.js';
import { redisArea, redisProblems } from './redis.config.js';
import { secretsArea } from './secrets.config.js';
import { serverArea } from './server.config.js';
import { tracingArea } from './tracing.config.js';

/** Every area, in the order in which `.env.example` shows them. */
export const configAreas = {
  server: serverArea,
  redis: redisArea,
  database: databaseArea,
  crypto: cryptoArea,
  secrets: secretsArea,
  files: filesArea,
  audit: auditArea,
  rateLimit: rateLimitArea,
  auth: authArea,
  tracing: tracingArea,
} as const satisfies Record<string, ConfigArea>;

type Values<K extends keyof typeof configAreas> = AreaValues<(typeof configAreas)[K]>;

function crossCheck(
  server: Values<'server'>,
  crypto: Values<'crypto'>,
  secrets: Values<'secrets'>,
  files: Values<'files'>,
  auth: Values<'auth'>,
): string[] {
  const problems: string[] = [];
  const production = server.nodeEnv === 'production';
  if (production && server.publicUrl === undefined) {
    problems.push('PUBLIC_URL must be set in production: links are made from it');
  }
  if (production && crypto.keys === undefined && crypto.keysFile === undefined) {
    problems.push(
      'BURNBAG_KEYS or BURNBAG_KEYS_FILE must be set in production, for example "1:" and the output of openssl rand -base64 32',
    );
  }
  if (crypto.vaultKey !== undefined && (crypto.vaultAddr === undefined || crypto.vaultToken === undefined)) {
    problems.push('VAULT_ADDR and VAULT_TOKEN must be set for VAULT_TRANSIT_KEY');
  }
  if (secrets.ttlDefaultSeconds > secrets.ttlMaxSeconds) {
    problems.push('SECRET_TTL_DEFAULT_SECONDS must not be above SECRET_TTL_MAX_SECONDS');
  }
  if (secrets.recipientsRequired === 'on' && auth.mode === 'open') {
    problems.push('RECIPIENTS_REQUIRED=on needs AUTH_MODE=oidc: without it recipients cannot sign in');
  }
  if (secrets.clientBytesPerHour > 0 && secrets.clientBytesPerHour < 2 * secrets.maxBytes) {
    problems.push(
      'SECRET_CLIENT_BYTES_PER_HOUR must be at least twice SECRET_MAX_BYTES: the largest sealed texts would not fit',
    );
  }
  if (files.leaseSeconds > files.leaseMaxSeconds) {
    problems.push('FILE_LEASE_SECONDS must not be above FILE_LEASE_MAX');
  }
  if (files.uploadShareBytes > 0 && files.uploadShareBytes < files.maxBytes) {
    problems.push('UPLOAD_SHARE_BYTES must not be below FILE_MAX_BYTES: the largest files could not be sent');
  }
  if (files.store === 's3' && files.s3Bucket === undefined) {
    problems.push('S3_BUCKET must be set for BLOB_STORE=s3');
  }
  if ((files.s3AccessKeyId === undefined) !== (files.s3SecretAccessKey === undefined)) {
    problems.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both or neither');
  }
  return problems;
}

/** A reader who is blocked for longer than a lease loses it. */
function leaseProblems(
  limits: Values<'rateLimit'>,
  { claimLeaseSeconds }: Values<'secrets'>,
  { leaseSeconds }: Values<'files'>,
): string[] {
  if (limits.mode === 'off') return [];
  const leases = { CLAIM_LEASE_SECONDS: claimLeaseSeconds, FILE_LEASE_SECONDS: leaseSeconds };
  return Object.entries(leases)
    .filter(([, seconds]) => limits.blockSeconds > seconds)
    .map(
      ([name, seconds]) =>
        `RATE_LIMIT_BLOCK_SECONDS (${limits.blockSeconds}) must not be above ${name} (${seconds}): a block would outlive the lease of a reader`,
    );
}

/**
 * Checks the whole environment; given to Nest's ConfigModule.
 * @throws ConfigError with every problem at once
 */
export function validateEnvironment<E extends Environment>(env: E): E {
  const problems: string[] = [];
  const server = readArea(serverArea, env, problems);
  const crypto = readArea(cryptoArea, env, problems);
  const secrets = readArea(secretsArea, env, problems);
  const files = readArea(filesArea, env, problems);
  const redis = readArea(redisArea, env, problems);
  readArea(databaseArea, env, problems);
  readArea(auditArea, env, problems);
  const limits = readArea(rateLimitArea, env, problems);
  readArea(tracingArea, env, problems);
  const auth = readArea(authArea, env, problems);
  problems.push(...crossCheck(server, crypto, secrets, files, auth), ...redisProblems(redis));
  problems.push(...authProblems(auth, server.publicUrl, problems), ...leaseProblems(limits, secrets, files));
  if (problems.length > 0) throw new ConfigError(problems);
  return env;
}

export const serverConfig = registerAs('server', () => {
  const server = readArea(serverArea, process.env, []);
  return {
    ...server,
    publicUrl: withoutTrailing(server.publicUrl ?? `http://localhost:${server.port}`, '/'),
  };
});
export const redisConfig = registerAs('redis', () => readArea(redisArea, process.env, []));
export const databaseConfig = registerAs('database', () => readArea(databaseArea, process.env, []));
export const cryptoConfig = registerAs('crypto', () => readArea(cryptoArea, process.env, []));
export const secretsConfig = registerAs('secrets', () => readArea(secretsArea, process.env, []));
export const filesConfig = registerAs('files', () => readArea(filesArea, process.env, []));
export const auditConfig = registerAs('audit', () => readArea(auditArea, process.env, []));
export const rateLimitConfig = registerAs('rateLimit', () => readArea(rateLimitArea, process.env, []));
export const authConfig = registerAs('auth', () => readArea(authArea, process.env, []));
export const tracingConfig = registerAs('tracing', () => readArea(tracingArea, process.env, []));

export type ServerConfig = ConfigType<typeof serverConfig>;
export type RedisConfig = ConfigType<typeof redisConfig>;
export type DatabaseConfig = ConfigType<typeof databaseConfig>;
export type CryptoConfig = ConfigType<typeof cryptoConfig>;
export type SecretsConfig = ConfigType<typeof secretsConfig>;
export type FilesConfig = ConfigType<typeof filesConfig>;
export type AuditConfig = ConfigType<typeof auditConfig>;
export type RateLimitConfig = ConfigType<typeof rateLimitConfig>;
export type AuthConfig = ConfigType<typeof authConfig>;
export type TracingConfig = ConfigType<typeof tracingConfig>;
