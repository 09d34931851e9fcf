/**
 * A folder below DATA_DIR cannot be used: it has another owner, or another process uses it. The message says
 * what to do.
 */
export class DataDirError extends Error {
  override name = 'DataDirError';
}
