/** Type of a graph's input, by onnxruntime's name. */
export type TensorType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool' | 'string';

/**
 * Greatest double that rounds to a finite float32 (IEEE 754-2019, 4.3.1: from half a unit above the greatest float32 on,
 * a value rounds to infinity).
 */
const MAX_FLOAT32 = (2 - 2 ** -24 - 2 ** -52) * 2 ** 127;

interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
}

export const INT32_RANGE: NumberRange = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

const NUMBER_RANGES: Readonly<Partial<Record<TensorType, NumberRange>>> = {
  float32: { minimum: -MAX_FLOAT32, maximum: MAX_FLOAT32 },
  float64: { minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE },
  int32: INT32_RANGE,
  // Beyond these a double is not exact.
  int64: { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
};

/** The integers that a JSON number states exactly. */
const EXACT_INTEGERS: NumberRange = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

/** The least and the greatest number of a feature that a tensor holds; for an integer, of those that JSON states exactly. */
export function numberRange(type: TensorType, feature: 'integer' | 'number'): NumberRange | undefined {
  const range = NUMBER_RANGES[type];
  if (range === undefined || feature === 'number') {
    return range;
  }
  return {
    minimum: Math.max(range.minimum, EXACT_INTEGERS.minimum),
    maximum: Math.min(range.maximum, EXACT_INTEGERS.maximum),
  };
}

/** Whether a tensor of numbers or booleans holds a missing value, as NaN. */
export function canHoldMissing(type: TensorType): boolean {
  return type === 'float32' || type === 'float64';
}
