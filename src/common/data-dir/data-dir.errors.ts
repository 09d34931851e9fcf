/** A folder below DATA_DIR cannot be used: somebody else's, or another process runs on it. The message says what to do. */
export class DataDirError extends Error {
  override name = 'DataDirError';
}
