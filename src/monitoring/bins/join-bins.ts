import type { Histogram } from '../../bundle/manifest.js';

/** A bin of PSI is customarily as large as this, or larger. */
const LEAST_SHARE = 0.05;

/** Joins neighbours until each bin has a twentieth of the rows: where few rows are, chance would hide a drift. */
export function joinSparse({ edges, counts }: Histogram): Histogram {
  const least = LEAST_SHARE * sum(counts);
  const lowerEdges: number[] = [];
  const joined: number[] = [];
  counts.forEach((count, bin) => {
    const last = joined.length - 1;
    if (last === -1 || (joined[last] ?? 0) >= least) {
      lowerEdges.push(edges[bin] ?? NaN);
      joined.push(count);
    } else {
      joined[last] = (joined[last] ?? 0) + count;
    }
  });
  const histogram = { edges: [...lowerEdges, edges.at(-1) ?? NaN], counts: joined };
  return (joined.at(-1) ?? 0) < least ? joinAt(histogram, joined.length - 2) : histogram;
}

/** Joins the neighbours that have the fewest rows together, until no more bins are left than this. */
export function joinTo(histogram: Histogram, binCount: number): Histogram {
  let joined = histogram;
  while (joined.counts.length > binCount) {
    const pairs = joined.counts.slice(1).map((count, index) => count + (joined.counts[index] ?? 0));
    joined = joinAt(joined, pairs.indexOf(Math.min(...pairs)));
  }
  return joined;
}

/** Joins the bin with the next one. */
function joinAt({ edges, counts }: Histogram, bin: number): Histogram {
  return bin < 0
    ? { edges, counts }
    : {
        edges: edges.toSpliced(bin + 1, 1),
        counts: counts.toSpliced(bin, 2, (counts[bin] ?? 0) + (counts[bin + 1] ?? 0)),
      };
}

export function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) {
    total += count;
  }
  return total;
}
