import { BARE_ONNX, type Contender, EMPTY_NEST, FASTAPI, LOGGED_NEST, SERVICE } from './contenders.js';
import type { Medians, Metric } from './rows.js';
import { BATCHING, SATURATED } from './workloads/heavy.js';
import { AFTER_FIRST, AFTER_MILLION } from './workloads/memory.js';
import { SHARE_80 } from './workloads/open-loop.js';
import { BATCH_100, SINGLE_32 } from './workloads/predictions.js';
import { FIRST_PREDICTION } from './workloads/start.js';

export interface Goal {
  readonly what: string;
  readonly bound: readonly ['>=' | '<=' | '<', number, 'x' | ' ms' | ''];
  /** NaN if it was not measured. */
  readonly figure: (medians: Medians) => number;
}

export const GOALS: readonly Goal[] = [
  {
    what: 'single, 32 connections, one core: of the empty Nest handler with the same request log',
    bound: ['>=', 0.9, 'x'],
    figure: over(SINGLE_32, LOGGED_NEST),
  },
  {
    what: 'single, 32 connections: over FastAPI + scikit-learn',
    bound: ['>=', 12, 'x'],
    figure: over(SINGLE_32, FASTAPI),
  },
  {
    what: 'batch of 100: over FastAPI + scikit-learn',
    bound: ['>=', 25, 'x'],
    figure: over(BATCH_100, FASTAPI),
  },
  {
    what: 'batch of 100: of bare node:http + onnxruntime-node',
    bound: ['>=', 0.55, 'x'],
    figure: over(BATCH_100, BARE_ONNX),
  },
  {
    what: 'open loop at 80 % of peak: p99 over its p50',
    bound: ['<', 5, 'x'],
    figure: worst([SHARE_80], 'p99 over p50 (x)'),
  },
  {
    what: 'WORKERS=2 over 1, on two cores (accounted)',
    bound: ['>=', 1.6, 'x'],
    figure: (medians) => 2 * grown('WORKERS=2', 'WORKERS=1', 'requests/CPU-s')(medians),
  },
  {
    what: 'start to ready: over an empty Nest application',
    bound: ['<=', 1.5, 'x'],
    figure: over(FIRST_PREDICTION, EMPTY_NEST, 'start (ms)'),
  },
  {
    what: 'memory after a million predictions over memory after the first ten thousand',
    bound: ['<=', 1.1, 'x'],
    figure: grown(AFTER_MILLION, AFTER_FIRST, 'RSS (MiB)'),
  },
  {
    what: 'heavy models: p99 of /health/live, the worst case',
    bound: ['<', 50, ' ms'],
    figure: worst(SATURATED, '/health/live p99 (ms)'),
  },
  {
    what: 'heavy models: p99 of the event-loop delay, the worst case',
    bound: ['<', 20, ' ms'],
    figure: worst(SATURATED, 'event-loop delay p99 (ms)'),
  },
  {
    what: "heavy_row, 64 callers: share of the model's own batching gain",
    bound: ['>=', 0.8, ''],
    figure: worst([BATCHING], 'share of the gain'),
  },
];

/** Whether a goal is reached that was measured. */
export function isReached({ bound: [comparison, limit] }: Goal, value: number): boolean {
  switch (comparison) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
  }
}

/** This service's figure in one case over that in another. */
export function grown(caseName: string, before: string, metric: Metric): Goal['figure'] {
  return (medians) => medians(caseName, SERVICE.name, metric) / medians(before, SERVICE.name, metric);
}

/** This service's figure over another contender's. */
function over(caseName: string, { name }: Contender, metric: Metric = 'requests/s'): Goal['figure'] {
  return (medians) => medians(caseName, SERVICE.name, metric) / medians(caseName, name, metric);
}

/** The largest of this service's figures in these cases. */
function worst(caseNames: readonly string[], metric: Metric): Goal['figure'] {
  return (medians) => Math.max(...caseNames.map((caseName) => medians(caseName, SERVICE.name, metric)));
}
