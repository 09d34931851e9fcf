export type TracingLog = (level: 'info' | 'warn', message: string, fields?: Record<string, unknown>) => void;
