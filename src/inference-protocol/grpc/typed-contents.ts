import { textOf } from '../binary-values.js';
import { type Datatype, integerRange, type NumberDatatype } from '../datatype.js';
import { invalidRequest, quoted } from '../invalid-request.js';
import type { TensorValues } from '../tensor.js';
import { WIRE_TYPE, WireReader } from './wire-reader.js';

/** A tensor whose elements came as an InferTensorContents. */
export interface TypedTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** As its shape says. */
  readonly count: number;
  readonly contents: Buffer;
}

interface ContentsField {
  readonly number: number;
  readonly name: string;
  /** Of each element, if there are no more packed ones. */
  readonly wireType: number;
  readonly read: (reader: WireReader) => number;
}

const signed = (reader: WireReader): number => reader.signed();
const unsigned = (reader: WireReader): number => reader.unsigned();
const INT = { number: 2, name: 'int_contents', wireType: WIRE_TYPE.varint, read: signed };
const UINT = { number: 4, name: 'uint_contents', wireType: WIRE_TYPE.varint, read: unsigned };

const FIELD_OF: Readonly<Record<NumberDatatype, ContentsField>> = {
  BOOL: {
    number: 1,
    name: 'bool_contents',
    wireType: WIRE_TYPE.varint,
    read: (reader) => Math.min(reader.unsigned(), 1),
  },
  INT8: INT,
  INT16: INT,
  INT32: INT,
  INT64: { number: 3, name: 'int64_contents', wireType: WIRE_TYPE.varint, read: signed },
  UINT8: UINT,
  UINT16: UINT,
  UINT32: UINT,
  UINT64: { number: 5, name: 'uint64_contents', wireType: WIRE_TYPE.varint, read: unsigned },
  FP32: {
    number: 6,
    name: 'fp32_contents',
    wireType: WIRE_TYPE.fixed32,
    read: (reader) => reader.float(),
  },
  FP64: {
    number: 7,
    name: 'fp64_contents',
    wireType: WIRE_TYPE.fixed64,
    read: (reader) => reader.double(),
  },
};
const BYTES_FIELD = { number: 8, name: 'bytes_contents' };

/** @throws {ProblemException} if there are not as many elements as the shape says, or they are not of the datatype */
export function valuesOfContents(tensor: TypedTensor): TensorValues {
  return tensor.datatype === 'BYTES' ? textsOf(tensor) : numbersOf(tensor, tensor.datatype);
}

/** Counts first: memory is taken for as many elements as there are. */
function numbersOf(tensor: TypedTensor, datatype: NumberDatatype): Float64Array {
  const field = FIELD_OF[datatype];
  let count = 0;
  readElements(tensor, field, () => {
    count++;
  });
  requireCount(tensor, field, count);
  const numbers = new Float64Array(count);
  const range = integerRange(datatype);
  let index = 0;
  readElements(tensor, field, (number) => {
    if (range !== undefined && !(number >= range.minimum && number <= range.maximum)) {
      throw invalidRequest(
        `Element ${index} of the input ${quoted(tensor.name)} must be an integer of the datatype ${datatype}, but is ${number}.`,
      );
    }
    numbers[index++] = number;
  });
  return numbers;
}

function readElements(tensor: TypedTensor, field: ContentsField, take: (number: number) => void): void {
  const reader = new WireReader(tensor.contents);
  while (reader.nextField()) {
    if (reader.fieldNumber !== field.number) {
      requireKnown(tensor, field, reader);
    } else if (reader.wireType === field.wireType) {
      take(field.read(reader));
    } else {
      const packed = new WireReader(reader.bytesField());
      while (!packed.isAtEnd) {
        take(field.read(packed));
      }
    }
  }
}

function textsOf(tensor: TypedTensor): string[] {
  const texts: string[] = [];
  const reader = new WireReader(tensor.contents);
  while (reader.nextField()) {
    if (reader.fieldNumber !== BYTES_FIELD.number) {
      requireKnown(tensor, BYTES_FIELD, reader);
      continue;
    }
    const bytes = reader.bytesField();
    texts.push(textOf(tensor.name, texts.length, bytes, 0, bytes.length));
  }
  requireCount(tensor, BYTES_FIELD, texts.length);
  return texts;
}

/** Passes over a field that a later protocol may have, but not over elements of another datatype. */
function requireKnown(
  { name, datatype }: TypedTensor,
  field: { readonly name: string },
  reader: WireReader,
): void {
  if (reader.fieldNumber <= BYTES_FIELD.number) {
    throw invalidRequest(
      `The contents of the input ${quoted(name)} must be ${field.name}, as its datatype ${datatype} says, but are others.`,
    );
  }
  reader.skip();
}

function requireCount({ name, count }: TypedTensor, field: { readonly name: string }, found: number): void {
  if (found !== count) {
    throw invalidRequest(
      `The input ${quoted(name)} must have ${count} elements, as its shape says, but has ${found} in ${field.name}.`,
    );
  }
}
