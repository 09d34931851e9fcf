export function openChunks(
  blob: Uint8Array,
  access: { dataKey: Uint8Array; id: Uint8Array; ref: Uint8Array; purpose: Uint8Array },
): Promise<Buffer>;
