/** Where connections report what the operator should know. */
export type ConnectionLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;
