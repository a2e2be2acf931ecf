import type { OutputTensor } from './tensor.js';

/** Of the length before each element of BYTES. */
const LENGTH_BYTES = 4;

/** The elements as the protocol's bytes: little-endian, row by row. */
export function bytesOfValues(tensor: OutputTensor): Uint8Array {
  if (tensor.datatype === 'BYTES') {
    return bytesOfTexts(tensor.values);
  }
  const { buffer, byteOffset, byteLength } = tensor.values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function bytesOfTexts(texts: readonly string[]): Uint8Array {
  // Few texts are distinct. To copy some bytes in a loop is faster than a call for each text.
  const encoded = new Map<string, Uint8Array>();
  let byteCount = 0;
  const all = texts.map((text) => {
    let bytes = encoded.get(text);
    if (bytes === undefined) {
      bytes = elementOf(text);
      encoded.set(text, bytes);
    }
    byteCount += bytes.length;
    return bytes;
  });
  const joined = new Uint8Array(byteCount);
  let position = 0;
  for (const bytes of all) {
    for (const byte of bytes) {
      joined[position++] = byte;
    }
  }
  return joined;
}

function elementOf(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
