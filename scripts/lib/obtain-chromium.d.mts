/** The path of a Chromium that runs: found, or downloaded. Throws with one line that says what to install. */
export function obtainChromium(env?: NodeJS.ProcessEnv): string;
