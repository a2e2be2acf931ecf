import { parentPort, workerData } from 'node:worker_threads';
import { type FeatureColumns, refusedRows } from '../bundle/feature-columns.js';
import { type ModelBundle, readModelBundle } from '../bundle/model-bundle.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { loadCandidate } from '../model/candidate-model.js';
import { layoutOf, tableOfColumns } from '../model/feature-table.js';
import { missingManifest } from '../model/missing-manifest.js';
import { decodedRows, withoutRows } from './decoded-rows.js';
import type { RowErrors } from './row-errors.js';
import {
  type CodedRows,
  REFUSED,
  type ThreadAnswer,
  type ThreadOrder,
  type ThreadProgram,
  type ThreadStart,
} from './thread-protocol.js';

/** Runs on a scoring thread: it proves a session of its own, and obeys orders one at a time. */

const { modelPath, allowUnverified, port, answerCount } = workerData as ThreadProgram;

function start(message: ThreadStart): void {
  parentPort?.postMessage(message);
}

function answer(message: ThreadAnswer): void {
  port.postMessage(message);
  Atomics.add(answerCount, 0, 1);
  Atomics.notify(answerCount, 0);
}

async function run(): Promise<void> {
  const bundle = await readModelBundle(modelPath, { allowUnverified, missingManifest });
  const score = await scorer(bundle);
  let rowErrors: RowErrors | undefined;
  const obey = async (order: ThreadOrder): Promise<ThreadAnswer> => {
    if (order.kind === 'score') {
      return { kind: 'probabilities', probabilities: await score(order.rows) };
    }
    // Nest and class-validator are needed for nothing else, and take longer to load than a hundred thousand rows.
    const { RowErrors } = await import('./row-errors.js');
    rowErrors ??= new RowErrors(bundle.contract);
    return { kind: 'errors', texts: rowErrors.of(order.rows, order.source, order.asJson) };
  };
  port.on('message', (order: ThreadOrder) => {
    obey(order).then(answer, (error: unknown) => {
      answer({ kind: 'failure', message: (error as Error).message });
    });
  });
  const { version, sha256, contract, thresholds, manifest } = bundle;
  const goldenRowCount = manifest.golden_rows?.rows.length ?? 0;
  start({ kind: 'ready', model: { version, sha256, contract, thresholds, goldenRowCount } });
}

async function scorer(bundle: ModelBundle): Promise<(rows: CodedRows) => Promise<Float64Array>> {
  const { contract, manifest } = bundle;
  const layout = layoutOf(manifest.inputs);
  const forwardPass = await loadCandidate(bundle);
  const scored = async (columns: FeatureColumns): Promise<Float64Array> =>
    columns.rowCount === 0 ? new Float64Array() : forwardPass(tableOfColumns(columns, layout));
  return async (rows) => {
    const columns = decodedRows(contract.features, rows);
    const refused = refusedRows(contract.features, columns);
    if (refused.length === 0) {
      return scored(columns);
    }
    const probabilities = await scored(withoutRows(columns, refused));
    return spread(probabilities, refused, columns.rowCount);
  };
}

/** @param refused rows between those of the probabilities, in ascending order */
function spread(probabilities: Float64Array, refused: readonly number[], rowCount: number): Float64Array {
  const all = new Float64Array(rowCount);
  all.fill(NaN);
  for (const row of refused) {
    all[row] = REFUSED;
  }
  let next = 0;
  for (let row = 0; row < rowCount; row++) {
    if (all[row] !== REFUSED) {
      all[row] = probabilities[next++] ?? NaN;
    }
  }
  return all;
}

try {
  await run();
} catch (error) {
  if (!(error instanceof ModelLoadError)) {
    throw error;
  }
  start({ kind: 'refused', reason: error.message });
}
