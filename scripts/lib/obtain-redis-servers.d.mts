/** The names that obtainRedisServer knows. */
export const REDIS_SERVERS: readonly string[];
/** The path of the named server's program: found, or downloaded. Throws with one line when it cannot be had. */
export function obtainRedisServer(name: string, env?: NodeJS.ProcessEnv): string;
