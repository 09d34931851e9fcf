import { types } from 'node:util';

import { connectionReason } from './connection-reason.js';

/** Errors that an operator can fix: only their message is printed. */
const EXPECTED: ReadonlySet<string> = new Set([
  'BlobStoreUnfitError',
  'ConfigError',
  'DatabaseAwayError',
  'DatabaseUnfitError',
  'DataDirError',
  'EmbeddedRedisError',
  'KeyringError',
  'KeySourceError',
  'ListenError',
  'PasswordHashError',
  'RedisUnfitError',
  'RuntimeTooOldError',
]);

/** The server cannot listen on the port or IP address. The message says which setting to change. */
class ListenError extends Error {
  override name = 'ListenError';
}

const LISTEN: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there: stop it, or set PORT to another port',
  EADDRNOTAVAIL: 'this machine has no such IP address: set HOST to one that it has, or to 0.0.0.0',
  EACCES: 'this user may not use the port: set PORT to 1024 or above',
  ENOTFOUND: 'there is no such host name: set HOST to an IP address of this machine',
  EAI_AGAIN: 'the host name cannot be resolved: set HOST to an IP address of this machine',
};

/** @returns a ListenError for every error of the system; any other error as it is */
export function asListenError(error: unknown, host: string, port: number): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const why = LISTEN[code] ?? 'check HOST and PORT';
  return new ListenError(`HOST ${host}, PORT ${port} cannot be listened on (${code}): ${why}`);
}

/** The code of an error of the operating system; undefined for every other error. */
function systemCode(error: unknown): string | undefined {
  return types.isNativeError(error) && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/**
 * The output when the portal or a command cannot start. Errors caused by the operator or the system are one
 * line; only a fault of the program has a stack.
 */
export function startFailure(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  if (EXPECTED.has(error.name)) return error.message;
  if (systemCode(error) !== undefined) return `The start failed: ${connectionReason(error)}`;
  return error.stack ?? error.message;
}
