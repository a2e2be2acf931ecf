import { DEFAULT_TOLERANCE } from '../bundle/manifest.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { rowValues, sliceRows } from './feature-table.js';
import type { GoldenTable } from './golden-rows.js';
import type { ForwardPass } from './inference/inference.js';

/** So many rows are asked alone however long a pass takes. */
const LEAST_ROWS = 4;
/** No more rows are asked alone once this has passed: a heavy model would start late. */
const LONGEST_MS = 500;
/** Kernels for one row and for many round differently, by about 1e-7. A tolerance for golden rows does not excuse more. */
const MOST_DIFFERENCE = DEFAULT_TOLERANCE;

/** Answers to rows that were asked alone. */
export interface RowsAlone {
  readonly rowCount: number;
  /** The probabilities of all rows, of which these ones were asked alone. */
  readonly probabilities: Float64Array;
}

/**
 * Asks single rows, spread over the table, and compares them with the same rows in one batch.
 *
 * @param together probabilities of all rows in one pass
 * @throws {ModelLoadError} if other rows in the pass change an answer, as in a dynamically quantized graph
 */
export async function askRowsAlone(
  forwardPass: ForwardPass,
  { table, layout, names }: GoldenTable,
  together: Float64Array,
  path: string,
): Promise<RowsAlone> {
  const probabilities = together.slice();
  const startedAtMs = performance.now();
  let rowCount = 0;
  for (const row of spreadRows(table.rowCount)) {
    if (rowCount >= LEAST_ROWS && performance.now() - startedAtMs > LONGEST_MS) {
      break;
    }
    const [alone = NaN] = await forwardPass(sliceRows(table, row, row + 1));
    const inBatch = together[row] ?? NaN;
    if (!(Math.abs(alone - inBatch) <= MOST_DIFFERENCE)) {
      const values = JSON.stringify(rowValues(table, row, layout));
      throw new ModelLoadError({
        problem: 'Other customers in a batch change the answer to one',
        where: path,
        expected: `${inBatch} for the ${names[row] ?? 'row'} ${values} alone, as in a batch of ${table.rowCount}`,
        found: `${alone}`,
        remedy: 'export the graph without dynamic quantization, or quantize it statically',
      });
    }
    probabilities[row] = alone;
    rowCount++;
  }
  return { rowCount, probabilities };
}

/** All rows, in an order of which every beginning is spread over the table. */
export function* spreadRows(rowCount: number): Generator<number, void> {
  const bits = Math.ceil(Math.log2(Math.max(rowCount, 2)));
  for (let index = 0; index < 2 ** bits; index++) {
    let row = 0;
    for (let bit = 0; bit < bits; bit++) {
      row = row * 2 + ((index >> bit) & 1);
    }
    if (row < rowCount) {
      yield row;
    }
  }
}
