/** The path of a Versity S3 Gateway that runs: found, or built. Throws with one line that says what to install. */
export function obtainS3(env?: NodeJS.ProcessEnv): string;
