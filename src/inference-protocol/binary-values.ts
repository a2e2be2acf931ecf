import { isUtf8 } from 'node:buffer';
import { ELEMENT_BYTES, type Datatype, type NumberDatatype } from './datatype.js';
import { invalidRequest, quoted } from './invalid-request.js';
import type { TensorValues } from './tensor.js';

/** Of the length before each element of BYTES. */
const LENGTH_BYTES = 4;
const TWO_TO_32 = 2 ** 32;
const REPLACEMENT_CHARACTER = '\ufffd';

/** A tensor whose elements came as bytes: little-endian, row by row. */
export interface BinaryTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** As its shape says. */
  readonly count: number;
  readonly bytes: Buffer;
}

/** @throws {ProblemException} if the bytes are not as many elements as the shape says */
export function valuesOfBytes({ name, datatype, count, bytes }: BinaryTensor): TensorValues {
  if (datatype === 'BYTES') {
    return textsOf(name, count, bytes);
  }
  const expectedBytes = count * ELEMENT_BYTES[datatype];
  if (bytes.length !== expectedBytes) {
    throw invalidRequest(
      `The input ${quoted(name)} must have ${expectedBytes} bytes, as its shape and ${datatype} say, but has ${bytes.length}.`,
    );
  }
  return numbersOf(datatype, bytes);
}

/** The views of typed arrays are aligned, and little-endian as the machines are that onnxruntime-node is made for. */
function numbersOf(datatype: NumberDatatype, { buffer, byteOffset, length }: Buffer): Float64Array {
  const copy = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  switch (datatype) {
    case 'FP64':
      return new Float64Array(copy);
    case 'FP32':
      return new Float64Array(new Float32Array(copy));
    case 'INT8':
      return new Float64Array(new Int8Array(copy));
    case 'INT16':
      return new Float64Array(new Int16Array(copy));
    case 'INT32':
      return new Float64Array(new Int32Array(copy));
    case 'UINT16':
      return new Float64Array(new Uint16Array(copy));
    case 'UINT32':
      return new Float64Array(new Uint32Array(copy));
    case 'BOOL':
    case 'UINT8':
      return new Float64Array(new Uint8Array(copy));
    case 'INT64':
      return numbersOf64Bits(new Uint32Array(copy), new Int32Array(copy));
    case 'UINT64': {
      const words = new Uint32Array(copy);
      return numbersOf64Bits(words, words);
    }
  }
}

/** The nearest doubles of 64-bit integers, without a BigInt for each. @param high has the upper words' sign */
function numbersOf64Bits(low: Uint32Array, high: Uint32Array | Int32Array): Float64Array {
  const numbers = new Float64Array(low.length / 2);
  for (let index = 0; index < numbers.length; index++) {
    numbers[index] = (high[2 * index + 1] ?? NaN) * TWO_TO_32 + (low[2 * index] ?? NaN);
  }
  return numbers;
}

function textsOf(name: string, count: number, bytes: Buffer): string[] {
  // No more than can be there, whatever the shape says.
  if (count * LENGTH_BYTES > bytes.length) {
    throw invalidRequest(
      `The input ${quoted(name)} must have ${count} elements of BYTES, each after its length in ${LENGTH_BYTES} bytes, but has only ${bytes.length} bytes.`,
    );
  }
  const texts = new Array<string>(count);
  let position = 0;
  for (let index = 0; index < count; index++) {
    const start = position + LENGTH_BYTES;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(position) : Infinity;
    if (end > bytes.length) {
      throw invalidRequest(
        `The bytes of the input ${quoted(name)} end within its element ${index} of ${count}.`,
      );
    }
    texts[index] = textOf(name, index, bytes, start, end);
    position = end;
  }
  if (position !== bytes.length) {
    throw invalidRequest(
      `The input ${quoted(name)} has ${bytes.length - position} bytes more than its ${count} elements.`,
    );
  }
  return texts;
}

/** @throws {ProblemException} if the bytes from `start` to before `end` are no UTF-8 */
export function textOf(name: string, index: number, bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (text.includes(REPLACEMENT_CHARACTER) && !isUtf8(bytes.subarray(start, end))) {
    throw invalidRequest(`Element ${index} of the input ${quoted(name)} must be UTF-8, but is not.`);
  }
  return text;
}
