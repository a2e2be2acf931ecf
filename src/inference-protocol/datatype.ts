/** Bytes of an element, little-endian. A BOOL is one byte, 0 or 1. */
export const ELEMENT_BYTES = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP32: 4,
  FP64: 8,
} as const;

/** Datatypes whose elements are numbers, or 0 and 1 for false and true. */
export type NumberDatatype = keyof typeof ELEMENT_BYTES;

/** The datatypes of the protocol that a feature or an output can have. An element of BYTES is a text in UTF-8. */
export type Datatype = NumberDatatype | 'BYTES';

export const DATATYPES = [...Object.keys(ELEMENT_BYTES), 'BYTES'] as readonly Datatype[];

export function isDatatype(value: unknown): value is Datatype {
  return (DATATYPES as readonly unknown[]).includes(value);
}

interface IntegerRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** The least and the greatest element of an integer datatype; undefined for the others. */
export function integerRange(datatype: NumberDatatype): IntegerRange | undefined {
  const bits = 8 * ELEMENT_BYTES[datatype];
  if (datatype.startsWith('UINT')) {
    return { minimum: 0, maximum: 2 ** bits - 1 };
  }
  return datatype.startsWith('INT')
    ? { minimum: -(2 ** (bits - 1)), maximum: 2 ** (bits - 1) - 1 }
    : undefined;
}
