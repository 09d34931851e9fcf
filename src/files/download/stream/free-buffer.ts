/**
 * Frees the memory of unused bytes at once. The garbage collector would do it late: it lets a hundred
 * megabytes of a large file pile up, and spends a third of the time on them. Only a buffer that fills its
 * memory is freed; a part of a larger one is left to the collector.
 * @param bytes empty from now on
 */
export function freeBuffer(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteLength > 0 && byteLength === buffer.byteLength) buffer.transfer(0);
}
