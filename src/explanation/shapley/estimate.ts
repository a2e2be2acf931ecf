type Values = ArrayLike<number> & Iterable<number>;

export function mean(values: Values): number {
  let sum = 0;
  for (const value of values) {
    sum += value;
  }
  return sum / values.length;
}

/** Of all values, not of a sample. */
export function variance(values: Values): number {
  const center = mean(values);
  return mean(Array.from(values, (value) => (value - center) ** 2));
}

/** @returns for each column the values of all rows */
export function columnsOf(rows: readonly Values[], columnCount: number): number[][] {
  return Array.from({ length: columnCount }, (_, column) => rows.map((row) => row[column] ?? NaN));
}

/**
 * How the columns change with their total: the slopes of a linear regression, drawn a little towards each column's share
 * of all changes, so that a few rows of nearly the same total do not make them steep. They add up to 1.
 *
 * @param totals of the columns for each row
 * @param spread the variance of the total's mean; 0 if the total is the same for all rows
 * @param changing columns that could change; they share equally if none did
 */
export function slopesOn(
  totals: Values,
  columns: readonly Values[],
  spread: number,
  changing: ReadonlySet<number>,
): number[] {
  const center = mean(totals);
  const sizes = columns.map((values) => mean(Array.from(values, Math.abs)));
  const allSizes = sizes.reduce((sum, size) => sum + size, 0);
  const weight = variance(totals) + spread;
  return columns.map((values, column) => {
    const equalShare = changing.has(column) ? 1 / changing.size : 0;
    const share = allSizes === 0 ? equalShare : (sizes[column] ?? NaN) / allSizes;
    const covariance = mean(Array.from(values, (value, row) => value * ((totals[row] ?? NaN) - center)));
    return weight === 0 ? share : (covariance + spread * share) / weight;
  });
}

/**
 * The standard error of the mean. If each group has two values or more, only what varies within the groups counts, since
 * all groups were asked equally often.
 */
export function standardErrorOf(values: readonly number[], groups: readonly number[]): number {
  const byGroup = Map.groupBy(values.keys(), (index) => groups[index] ?? NaN);
  const isStratified = byGroup.size < values.length;
  const centers = isStratified
    ? new Map(Array.from(byGroup, ([group, indexes]) => [group, mean(indexes.map((i) => values[i] ?? NaN))]))
    : undefined;
  const center = mean(values);
  const squares = values.reduce(
    (sum, value, index) => sum + (value - (centers?.get(groups[index] ?? NaN) ?? center)) ** 2,
    0,
  );
  // The slope takes a degree of freedom too.
  const freedom = values.length - (isStratified ? byGroup.size : 2);
  return Math.sqrt(squares / Math.max(1, freedom) / values.length);
}
