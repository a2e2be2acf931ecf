import { nextBelow } from './adjacent-floats.js';

const MOST_CELLS = 1024;
/** So that 2 to its power is finite, even if the bounds are nearly equal. */
const GREATEST_EXPONENT = 1000;

/** Numbers that lie in every so many cells. */
interface ColumnOfCells {
  readonly cells: Float64Array;
  readonly first: number;
  readonly width: number;
}

/**
 * Finds in which bin a number lies. A table of equal cells over the range of the bounds says where to begin, so that only one
 * bound is compared. A search by halves takes longer, since the processor cannot predict its branches.
 */
export class BinSearch {
  /** Ascending, and NaN behind the last: after one read beyond the end, V8 makes all reads slow. */
  private readonly lowerBounds: Float64Array;
  private readonly first: number;
  /** A power of two, so that a bound that is a whole number mostly lies at the edge of a cell. */
  private readonly cellsPerUnit: number;
  /** Of each cell, the number of bounds that no value in it is below. Values below the first bound are in cell 0. */
  private readonly boundsBefore: Uint16Array;
  /** Whether there are several bounds inside of a cell. */
  private readonly isCrowded: boolean;
  /** V8 increments 32-bit counts faster. Each call adds them to the counts it was given, so that they never overflow. */
  private readonly tally: Uint32Array;

  /** @param lowerBounds ascending, of all bins but the first */
  constructor(lowerBounds: Float64Array) {
    this.lowerBounds = Float64Array.of(...lowerBounds, NaN);
    this.first = lowerBounds[0] ?? 0;
    const range = (lowerBounds.at(-1) ?? 0) - this.first;
    const isOrdinary = range > 0 && range < Infinity;
    const exponent = isOrdinary ? Math.floor(Math.log2(MOST_CELLS / range)) : 0;
    this.cellsPerUnit = 2 ** Math.min(exponent, GREATEST_EXPONENT);
    this.boundsBefore = new Uint16Array(Math.min(Math.ceil(range * this.cellsPerUnit), MOST_CELLS) + 2);
    const inside: number[] = [];
    for (const bound of lowerBounds) {
      const cell = this.cellOf(bound);
      const isInside = this.cellOf(nextBelow(bound)) === cell;
      if (isInside) {
        inside.push(cell);
      }
      for (let after = isInside ? cell + 1 : cell; after < this.boundsBefore.length; after++) {
        this.boundsBefore[after] = (this.boundsBefore[after] ?? 0) + 1;
      }
    }
    this.isCrowded = new Set(inside).size < inside.length;
    this.tally = new Uint32Array(lowerBounds.length + 1);
  }

  /**
   * Counts values by their bins: a value is in bin n if it is not below n of the bounds. A call for each would take longer.
   *
   * @param column of the values in the rows of a table
   * @param counts of all bins; those of these values begin at `offset`
   * @param missing the bin of NaN, or 0 or less if there is none
   */
  count(column: ColumnOfCells, counts: Float64Array, offset: number, missing: number): void {
    const { tally } = this;
    if (this.isCrowded) {
      this.tallyCrowded(column);
    } else {
      this.tallyColumn(column);
    }
    for (let bin = 0; bin < tally.length; bin++) {
      counts[offset + bin] = (counts[offset + bin] ?? 0) + (tally[bin] ?? 0);
    }
    tally.fill(0);
    if (missing > 0) {
      const missingCount = countNaN(column);
      counts[offset] = (counts[offset] ?? 0) - missingCount;
      counts[offset + missing] = (counts[offset + missing] ?? 0) + missingCount;
    }
  }

  /**
   * Measure each change: V8's code depends on details. With an inner loop for several bounds it takes three times as long, and
   * with `lastCell` in a field of `this` twice as long. Calling `cellOf` takes a quarter longer.
   */
  private tallyColumn({ cells, first: start, width }: ColumnOfCells): void {
    const { lowerBounds, boundsBefore, first, cellsPerUnit, tally } = this;
    const lastCell = boundsBefore.length - 1;
    const { length } = cells;
    for (let index = start; index < length; index += width) {
      const value = cells[index] ?? NaN;
      const position = (value - first) * cellsPerUnit + 1;
      const cell = (position < 0 ? 0 : position > lastCell ? lastCell : position) | 0;
      let bin = boundsBefore[cell] ?? 0;
      if (value >= (lowerBounds[bin] ?? NaN)) {
        bin++;
      }
      tally[bin] = (tally[bin] ?? 0) + 1;
    }
  }

  private tallyCrowded({ cells, first: start, width }: ColumnOfCells): void {
    const { lowerBounds, boundsBefore, tally } = this;
    for (let index = start; index < cells.length; index += width) {
      const value = cells[index] ?? NaN;
      let bin = boundsBefore[this.cellOf(value)] ?? 0;
      while (value >= (lowerBounds[bin] ?? NaN)) {
        bin++;
      }
      tally[bin] = (tally[bin] ?? 0) + 1;
    }
  }

  /** A greater number never has a lower cell. NaN has cell 0. */
  private cellOf(value: number): number {
    const position = (value - this.first) * this.cellsPerUnit + 1;
    const lastCell = this.boundsBefore.length - 1;
    return (position < 0 ? 0 : position > lastCell ? lastCell : position) | 0;
  }
}

function countNaN({ cells, first, width }: ColumnOfCells): number {
  let count = 0;
  for (let index = first; index < cells.length; index += width) {
    count += Number.isNaN(cells[index]) ? 1 : 0;
  }
  return count;
}
