import type { Labels, OutputTensor } from './tensor.js';

/** Of the length before each element of BYTES. */
const LENGTH_BYTES = 4;

/** The elements as the protocol's bytes: little-endian, row by row. */
export function bytesOfValues(tensor: OutputTensor): Uint8Array {
  if (tensor.datatype === 'BYTES') {
    return bytesOfLabels(tensor.values);
  }
  const { buffer, byteOffset, byteLength } = tensor.values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Copies bytes in a loop: a call for each of so few would take several times as long. */
function bytesOfLabels({ names, codes }: Labels): Uint8Array {
  const elements = names.map(elementOf);
  let byteCount = 0;
  for (const code of codes) {
    byteCount += elements[code]?.length ?? 0;
  }
  const joined = new Uint8Array(byteCount);
  let position = 0;
  for (const code of codes) {
    const element = elements[code] ?? new Uint8Array();
    const { length } = element;
    for (let index = 0; index < length; index++) {
      joined[position + index] = element[index] ?? 0;
    }
    position += length;
  }
  return joined;
}

function elementOf(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  return new Uint8Array(Buffer.concat([length, bytes]));
}
