/** @returns index of the first value that is not a number from 0 to 1, or -1 */
export function indexOfNoProbability(values: Float64Array): number {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN;
    if (!(value >= 0 && value <= 1)) {
      return index;
    }
  }
  return -1;
}
