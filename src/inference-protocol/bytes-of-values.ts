import type { Labels, OutputTensor } from './tensor.js';

/** Of the length before each element of BYTES. */
const LENGTH_BYTES = 4;
const WORD_BYTES = 4;
/** Its length in one word, and eight bytes of text. */
const ELEMENT_WORDS = 3;

/** The elements as the protocol's bytes: little-endian, row by row. */
export function bytesOfValues(tensor: OutputTensor): Uint8Array {
  if (tensor.datatype === 'BYTES') {
    return bytesOfLabels(tensor.values);
  }
  const { buffer, byteOffset, byteLength } = tensor.values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Writes each element in three words, in a quarter of the time that its bytes would take: what is behind its end, the next one
 * overwrites.
 */
function bytesOfLabels({ names, codes }: Labels): Uint8Array {
  const elements = names.map(elementOf);
  const lengths = Uint32Array.from(elements, ({ length }) => length);
  const words = new Uint32Array(ELEMENT_WORDS * names.length);
  elements.forEach((element, code) => {
    new Uint8Array(words.buffer).set(element, code * ELEMENT_WORDS * WORD_BYTES);
  });
  const rowCount = codes.length;
  let byteCount = 0;
  for (let row = 0; row < rowCount; row++) {
    byteCount += lengths[codes[row] ?? 0] ?? 0;
  }
  const joined = new DataView(new ArrayBuffer(byteCount + ELEMENT_WORDS * WORD_BYTES));
  let position = 0;
  for (let row = 0; row < rowCount; row++) {
    const code = codes[row] ?? 0;
    const first = code * ELEMENT_WORDS;
    joined.setUint32(position, words[first] ?? 0, true);
    joined.setUint32(position + WORD_BYTES, words[first + 1] ?? 0, true);
    joined.setUint32(position + 2 * WORD_BYTES, words[first + 2] ?? 0, true);
    position += lengths[code] ?? 0;
  }
  return new Uint8Array(joined.buffer, 0, byteCount);
}

function elementOf(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
