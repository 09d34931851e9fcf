/** The embedded Redis cannot run; the message says what to change and may be shown to an operator. */
export class EmbeddedRedisError extends Error {
  override readonly name = 'EmbeddedRedisError';
}
