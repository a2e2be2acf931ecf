import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Feature } from '../bundle/feature.js';
import { type FeatureColumns, refusedRows } from '../bundle/feature-columns.js';
import { readModelBundle } from '../bundle/model-bundle.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { loadCandidate } from '../model/candidate-model.js';
import { type FeatureTable, layoutOf, type TableLayout, tableOfColumns } from '../model/feature-table.js';
import { freeBytes } from '../model/free-bytes.js';
import { goldenTableOf } from '../model/golden-rows.js';
import { missingManifest } from '../model/missing-manifest.js';
import { measurePassMs } from '../model/warm-up.js';
import { decodedRows, withoutRows } from './decoded-rows.js';
import type { RowErrors } from './row-errors.js';
import {
  CHUNK_ROWS,
  type CodedRows,
  REFUSED,
  type ThreadAnswer,
  type ThreadOrder,
  type ThreadProgram,
  type ThreadStart,
} from './thread-protocol.js';

/** Runs on a scoring thread: it proves a session of its own, and obeys orders one at a time. */

const { modelPath, allowUnverified, port, orderCount, answerCount } = workerData as ThreadProgram;

function start(message: ThreadStart): void {
  parentPort?.postMessage(message);
}

/** Waits without the event loop, which would take as long to turn to an order as a small model to obey it. */
function nextOrder(obeyedCount: number): ThreadOrder {
  Atomics.wait(orderCount, 0, obeyedCount);
  return (receiveMessageOnPort(port) as { message: ThreadOrder }).message;
}

function answer(message: ThreadAnswer): void {
  port.postMessage(
    message,
    message.kind === 'probabilities' ? [message.probabilities.buffer as ArrayBuffer] : [],
  );
  Atomics.add(answerCount, 0, 1);
  Atomics.notify(answerCount, 0);
}

function failure(error: unknown): ThreadAnswer {
  return { kind: 'failure', message: (error as Error).message };
}

async function run(): Promise<void> {
  const bundle = await readModelBundle(modelPath, { allowUnverified, missingManifest });
  const { version, sha256, contract, thresholds, manifest } = bundle;
  const layout = layoutOf(manifest);
  const forwardPass = await loadCandidate(bundle);
  const passMs = await measurePassMs(forwardPass, goldenTableOf(manifest, layout).table, CHUNK_ROWS);
  const score = scorer(contract.features, layout, forwardPass);
  let rowErrors: RowErrors | undefined;
  const obey = async (order: ThreadOrder): Promise<ThreadAnswer> => {
    if (order.kind === 'score') {
      const probabilities = await score(order.rows);
      order.rows.numbers.forEach(freeBytes);
      return { kind: 'probabilities', probabilities };
    }
    // Nest and class-validator are needed for nothing else, and take longer to load than a hundred thousand rows.
    const { RowErrors } = await import('./row-errors.js');
    rowErrors ??= new RowErrors(contract);
    return { kind: 'errors', texts: rowErrors.of(order.rows, order.source, order.asJson) };
  };
  start({ kind: 'ready', model: { version, sha256, contract, thresholds }, passMs });
  for (let obeyedCount = 0; ; obeyedCount++) {
    const order = nextOrder(obeyedCount);
    answer(await obey(order).catch(failure));
  }
}

function scorer(
  features: readonly Feature[],
  layout: TableLayout,
  forwardPass: (table: FeatureTable) => Promise<Float64Array>,
): (rows: CodedRows) => Promise<Float64Array> {
  const scored = async (columns: FeatureColumns): Promise<Float64Array> => {
    if (columns.rowCount === 0) {
      return new Float64Array();
    }
    const table = tableOfColumns(columns, layout);
    const probabilities = await forwardPass(table);
    freeBytes(table.numbers);
    return probabilities;
  };
  return async (rows) => {
    const columns = decodedRows(features, rows);
    const refused = refusedRows(features, columns);
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
