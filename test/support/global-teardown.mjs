/** After the last test: ends what global-setup.mjs has started. */
export default async function tearDown() {
  await globalThis.endTestPostgres?.();
}
