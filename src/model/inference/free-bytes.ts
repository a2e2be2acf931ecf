/**
 * Gives the memory of a file back at once. The garbage collector may leave it for minutes, above all that of an idle thread.
 *
 * @param bytes which nobody reads any more
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  // A part of a larger buffer belongs to others too.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
    buffer.transfer(0);
  }
}
