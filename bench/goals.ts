import { BARE_ONNX, type Contender, EMPTY_NEST, FASTAPI, SERVICE } from './contenders.js';
import type { Medians } from './rows.js';
import { AFTER_FIRST, AFTER_MILLION, FIRST_PREDICTION } from './workloads/footprint.js';
import { BEYOND_PASS, IN_BATCHES, IN_COLUMNS, ROWS_PER_SECOND } from './workloads/inference-protocol.js';
import { answeredAt, AT_SHARE, OF_PEAK } from './workloads/latency.js';
import { BATCHING, SATURATED } from './workloads/model.js';
import { batchesOf, inTelco, singleAt } from './workloads/throughput.js';

/** Of what was measured; NaN if it was not. */
type Figure = (medians: Medians) => number;
type Bound = readonly ['>=' | '<=' | '<', number, 'x' | ' ms' | ''];

export interface Goal {
  readonly what: string;
  readonly bound: Bound;
  readonly figure: Figure;
}

const TABLE: readonly (readonly [string, Bound, Figure])[] = [
  ['single, 1 connection: of the empty Nest handler', ['>=', 0.6, 'x'], over(singleAt(1), EMPTY_NEST)],
  ['single, 32 connections: of the empty Nest handler', ['>=', 0.75, 'x'], over(singleAt(32), EMPTY_NEST)],
  ['single, 32 connections: over FastAPI + scikit-learn', ['>=', 30, 'x'], over(singleAt(32), FASTAPI)],
  ['batch of 100: over FastAPI + scikit-learn', ['>=', 15, 'x'], over(batchesOf(100), FASTAPI)],
  ['batch of 100: of bare node:http + onnxruntime-node', ['>=', 0.8, 'x'], over(batchesOf(100), BARE_ONNX)],
  [
    'telco, single, 32 connections: over FastAPI + scikit-learn',
    ['>=', 25, 'x'],
    over(inTelco(singleAt(32)), FASTAPI),
  ],
  [
    'telco, batch of 100: over FastAPI + scikit-learn',
    ['>=', 10, 'x'],
    over(inTelco(batchesOf(100)), FASTAPI),
  ],
  [
    'telco, batch of 100: of bare node:http + onnxruntime-node',
    ['>=', 0.6, 'x'],
    over(inTelco(batchesOf(100)), BARE_ONNX),
  ],
  [
    'Open Inference Protocol, 10,000 rows in binary: rows/s over POST /predict/batch',
    ['>=', 20, 'x'],
    (medians) =>
      medians(IN_COLUMNS, SERVICE.name, ROWS_PER_SECOND) / medians(IN_BATCHES, SERVICE.name, ROWS_PER_SECOND),
  ],
  [
    "Open Inference Protocol, 10,000 rows in binary: µs a row beyond the model's own pass",
    ['<=', 0.1, ''],
    worst([IN_COLUMNS], BEYOND_PASS),
  ],
  ['overload at 1.5 times the peak: answered', ['>=', 0.6, 'x'], worst([answeredAt(1.5)], OF_PEAK)],
  ['overload at twice the peak: answered', ['>=', 0.5, 'x'], worst([answeredAt(2)], OF_PEAK)],
  ['open loop at 80 % of peak: p99 over its p50', ['<', 5, 'x'], worst([AT_SHARE], 'p99 over p50 (x)')],
  [
    'WORKERS=2 over 1, on two cores (accounted)',
    ['>=', 1.6, 'x'],
    (medians) => 2 * grown('WORKERS=2', 'WORKERS=1', 'requests/CPU-s')(medians),
  ],
  [
    'start to ready: over an empty Nest application',
    ['<=', 1.5, 'x'],
    over(FIRST_PREDICTION, EMPTY_NEST, 'start (ms)'),
  ],
  [
    'memory after a million predictions over memory after the first ten thousand',
    ['<=', 1.1, 'x'],
    grown(AFTER_MILLION, AFTER_FIRST, 'RSS (MiB)'),
  ],
  [
    'heavy models: p99 of /health/live, the worst case',
    ['<', 50, ' ms'],
    worst(SATURATED, '/health/live p99 (ms)'),
  ],
  [
    'heavy models: p99 of the event-loop delay, the worst case',
    ['<', 20, ' ms'],
    worst(SATURATED, 'event-loop delay p99 (ms)'),
  ],
  [
    "heavy_row, 64 callers: share of the model's own batching gain",
    ['>=', 0.8, ''],
    worst([BATCHING], 'share of the gain'),
  ],
];

export const GOALS: readonly Goal[] = TABLE.map(([what, bound, figure]) => ({ what, bound, figure }));

/** Whether a goal is reached that was measured. */
export function isReached({ bound: [comparison, limit] }: Goal, value: number): boolean {
  return comparison === '>=' ? value >= limit : value < limit || (comparison === '<=' && value === limit);
}

/** This service's figure in one case over that in another. */
export function grown(caseName: string, before: string, metric: string): Figure {
  return (medians) => medians(caseName, SERVICE.name, metric) / medians(before, SERVICE.name, metric);
}

/** This service's figure over another contender's. */
function over(caseName: string, { name }: Contender, metric = 'requests/s'): Figure {
  return (medians) => medians(caseName, SERVICE.name, metric) / medians(caseName, name, metric);
}

/** The largest of this service's figures in these cases. */
function worst(caseNames: readonly string[], metric: string): Figure {
  return (medians) => Math.max(...caseNames.map((caseName) => medians(caseName, SERVICE.name, metric)));
}
