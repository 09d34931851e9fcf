/** Runs `work` while no other process of this project folder does. */
export function exclusively<T>(work: () => T | Promise<T>): Promise<T>;
