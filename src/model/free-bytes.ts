/**
 * Gives the memory of bytes back at once. The garbage collector may leave it for minutes, above all that of an idle thread.
 *
 * @param bytes which nobody reads any more
 */
export function freeBytes({ buffer, byteLength }: NodeJS.ArrayBufferView): void {
  // A part of a larger buffer belongs to others too.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached) {
    buffer.transfer(0);
  }
}
