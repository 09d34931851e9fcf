/** Whether this is `npm run test:full`; docs/testing.md lists what it adds to `npm test`. */
export const IS_FULL_RUN = process.env['BB_FULL'] === '1';

/** @returns the number in the environment variable `name`, or the size that this run uses */
export function sizeOf(name: string, sizes: { readonly ci: number; readonly full: number }): number {
  return Number(process.env[name] ?? (IS_FULL_RUN ? sizes.full : sizes.ci));
}
