import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valuesOfBytes } from './binary-values.js';
import { bytesOfValues } from './bytes-of-values.js';
import { ELEMENT_BYTES, integerRange, type NumberDatatype } from './datatype.js';
import { valuesOfJson } from './json-values.js';

const NAME = 'x';
const NUMBERS = Object.keys(ELEMENT_BYTES) as NumberDatatype[];

/** Writes an element as a client does. */
function writeElement(bytes: Buffer, datatype: NumberDatatype, value: number): void {
  switch (datatype) {
    case 'FP64':
      bytes.writeDoubleLE(value);
      break;
    case 'FP32':
      bytes.writeFloatLE(value);
      break;
    case 'INT64':
      bytes.writeBigInt64LE(BigInt(value));
      break;
    case 'UINT64':
      bytes.writeBigUInt64LE(BigInt(value));
      break;
    default: {
      const isSigned = datatype.startsWith('INT');
      bytes[isSigned ? 'writeIntLE' : 'writeUIntLE'](value, 0, ELEMENT_BYTES[datatype]);
    }
  }
}

function anyOf(datatype: NumberDatatype): fc.Arbitrary<number> {
  if (datatype === 'FP64') {
    return fc.double();
  }
  if (datatype === 'FP32') {
    return fc.float();
  }
  const { minimum, maximum } = integerRange(datatype) ?? { minimum: 0, maximum: 1 };
  return fc.integer({
    min: Math.max(minimum, Number.MIN_SAFE_INTEGER),
    max: Math.min(maximum, Number.MAX_SAFE_INTEGER),
  });
}

describe('the bytes of a tensor', () => {
  it.each(NUMBERS)('of %s are the numbers that were written, wherever they lie', (datatype) => {
    fc.assert(
      fc.property(fc.array(anyOf(datatype)), fc.nat(7), (values, offset) => {
        const size = ELEMENT_BYTES[datatype];
        const all = Buffer.alloc(offset + values.length * size);
        values.forEach((value, index) => {
          writeElement(all.subarray(offset + index * size), datatype, value);
        });
        const bytes = all.subarray(offset);
        const read = valuesOfBytes({ name: NAME, datatype, count: values.length, bytes });
        expect(read).toEqual(Float64Array.from(values));
      }),
    );
  });

  it('are the nearest double of a large INT64', () => {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64LE(2n ** 63n - 1n, 0);
    bytes.writeBigInt64LE(-(2n ** 62n) - 1n, 8);
    const read = valuesOfBytes({ name: NAME, datatype: 'INT64', count: 2, bytes });
    expect(read).toEqual(Float64Array.of(2 ** 63, -(2 ** 62)));
  });

  it('are read as they are written: texts', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => Buffer.byteLength(each) <= 8);
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const values = [...texts, '\ufffd'];
        const codes = Uint8Array.from(values.keys());
        const written = bytesOfValues({
          name: NAME,
          datatype: 'BYTES',
          shape: [values.length],
          values: { names: values, codes },
        });
        const bytes = Buffer.from(written);
        expect(valuesOfBytes({ name: NAME, datatype: 'BYTES', count: values.length, bytes })).toEqual(values);
      }),
    );
  });

  it.each([
    ['are too few', 'FP64', 2, Buffer.alloc(15), 'must have 16 bytes, as its shape and FP64 say, but has 15'],
    ['have no room for the lengths', 'BYTES', 1e15, Buffer.alloc(8), 'but has only 8 bytes'],
    ['have no room for what cannot be counted', 'BYTES', Infinity, Buffer.alloc(8), 'but has only 8 bytes'],
    ['end within a text', 'BYTES', 1, Buffer.from([9, 0, 0, 0, 65]), 'end within its element 0 of 1'],
    [
      'end within a length',
      'BYTES',
      2,
      Buffer.from([4, 0, 0, 0, 65, 66, 67, 68]),
      'end within its element 1',
    ],
    ['are too many', 'BYTES', 1, Buffer.from([1, 0, 0, 0, 65, 66]), 'has 1 bytes more than its 1 elements'],
    [
      'are not UTF-8',
      'BYTES',
      1,
      Buffer.from([1, 0, 0, 0, 0xff]),
      'Element 0 of the input "x" must be UTF-8',
    ],
  ] as const)('are refused if they %s', (_case, datatype, count, bytes, message) => {
    expect(() => valuesOfBytes({ name: NAME, datatype, count, bytes })).toThrow(message);
  });
});

describe('the JSON of a tensor', () => {
  const read = (datatype: NumberDatatype | 'BYTES', data: readonly unknown[]): unknown =>
    valuesOfJson({ name: NAME, datatype, count: data.flat(9).length, data });

  it('may be nested, and has null for what is missing', () => {
    expect(read('FP64', [[1.5], [null]])).toEqual(Float64Array.of(1.5, NaN));
    expect(read('BOOL', [true, false, null])).toEqual(Float64Array.of(1, 0, NaN));
    expect(read('BYTES', [[['a']], [[null]]])).toEqual(['a', null]);
  });

  it.each([
    ['UINT8', 256],
    ['INT8', -129],
    ['UINT64', -1],
    ['INT32', 0.5],
    ['FP32', true],
    ['BOOL', 1],
    ['BYTES', 1],
    ['FP64', { a: 1 }],
  ] as const)('of %s must not be %s', (datatype, element) => {
    expect(() => read(datatype, [null, element])).toThrow(/Element 1 of the input "x" must be /);
  });
});
