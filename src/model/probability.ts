/** @returns index of the first value that is not a number from 0 to 1, or -1 */
export function indexOfNoProbability(values: Float64Array): number {
  return values.findIndex((value) => !(value >= 0 && value <= 1));
}
