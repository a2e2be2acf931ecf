/** Whether it is a number from 0 to 1. */
export function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** @returns index of the first value that is not a number from 0 to 1, or -1 */
export function indexOfNoProbability(values: Float64Array): number {
  for (let index = 0; index < values.length; index++) {
    if (!isProbability(values[index] ?? NaN)) {
      return index;
    }
  }
  return -1;
}
