const ALL_SECONDS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
  0.5, 1, 2.5, 5, 10,
];

/** Upper bounds of the buckets of a duration of which nobody asks whether it is shorter than the least. */
export function durationBounds(leastSeconds: number): readonly number[] {
  return ALL_SECONDS.filter((seconds) => seconds >= leastSeconds);
}
