/** The least float64 that is greater. */
export function nextAbove(value: number): number {
  if (value === 0) {
    return Number.MIN_VALUE;
  }
  const number = new Float64Array([value]);
  const bits = new BigInt64Array(number.buffer);
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n);
  return number[0] ?? NaN;
}

/** The greatest float64 that is less. */
export function nextBelow(value: number): number {
  return -nextAbove(-value);
}
