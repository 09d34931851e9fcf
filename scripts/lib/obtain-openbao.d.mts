/** The path of an OpenBao or Vault that runs: found, or downloaded. Throws with one line that says what to install. */
export function obtainOpenBao(env?: NodeJS.ProcessEnv): string;
