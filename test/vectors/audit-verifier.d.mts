export function auditKey(kek: Uint8Array): Promise<Buffer>;
export function rowHash(key: Uint8Array, row: object): Promise<string>;
export function headSignature(key: Uint8Array, head: object): Promise<string>;
export function unwrapKey(
  kek: Uint8Array,
  row: { key_id: number; wrapped_by: number; wrapped: string },
): Promise<string>;
