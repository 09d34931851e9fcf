import { types } from 'node:util';

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The reason of a failed connection. A host with several IP addresses fails with an AggregateError, whose own
 * message is empty.
 * @returns one line: a message, or a code such as ECONNREFUSED; host and port are those of a URL that was
 * read strictly
 */
export function connectionReason(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const [first]: unknown[] = error instanceof AggregateError ? error.errors : [];
  if (error.message === '' && first instanceof Error) return connectionReason(first);
  return error.message.replaceAll(/\s+/g, ' ').trim() || (codeOf(error) ?? error.name);
}
