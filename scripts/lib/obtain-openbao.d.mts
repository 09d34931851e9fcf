export function obtainOpenBao(env?: NodeJS.ProcessEnv): string;
