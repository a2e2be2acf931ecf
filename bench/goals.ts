import { figure, type Table } from './report.js';

type FigureName =
  | 'singleOverLoggedNest'
  | 'singleOverFastapi'
  | 'batchOverFastapi'
  | 'batchOverBareOnnx'
  | 'openLoopP99OverP50'
  | 'twoWorkersOverOne'
  | 'startOverEmptyNest'
  | 'memoryGrowth'
  | 'heavyProbeP99Ms'
  | 'heavyEventLoopDelayP99Ms'
  | 'heavyShareOfBatchingGain';

/** What the goals are set for; undefined is what could not be measured. */
export type Figures = Readonly<Partial<Record<FigureName, number | undefined>>>;

interface Goal {
  readonly what: string;
  readonly figure: FigureName;
  readonly bound: readonly ['>=' | '<=' | '<', number];
  readonly unit: 'x' | ' ms' | '';
}

const GOALS: readonly Goal[] = [
  {
    what: 'single, 32 connections, one core: of the empty Nest handler with the same request log',
    figure: 'singleOverLoggedNest',
    bound: ['>=', 0.9],
    unit: 'x',
  },
  {
    what: 'single, 32 connections: over FastAPI + scikit-learn',
    figure: 'singleOverFastapi',
    bound: ['>=', 12],
    unit: 'x',
  },
  {
    what: 'batch of 100: over FastAPI + scikit-learn',
    figure: 'batchOverFastapi',
    bound: ['>=', 25],
    unit: 'x',
  },
  {
    what: 'batch of 100: of bare node:http + onnxruntime-node',
    figure: 'batchOverBareOnnx',
    bound: ['>=', 0.55],
    unit: 'x',
  },
  {
    what: 'open loop at 80 % of peak: p99 over its p50',
    figure: 'openLoopP99OverP50',
    bound: ['<', 5],
    unit: 'x',
  },
  {
    what: 'WORKERS=2 over 1, on two cores (accounted)',
    figure: 'twoWorkersOverOne',
    bound: ['>=', 1.6],
    unit: 'x',
  },
  {
    what: 'start to ready: over an empty Nest application',
    figure: 'startOverEmptyNest',
    bound: ['<=', 1.5],
    unit: 'x',
  },
  {
    what: 'memory after a million predictions over memory after the first ten thousand',
    figure: 'memoryGrowth',
    bound: ['<=', 1.1],
    unit: 'x',
  },
  {
    what: 'heavy models: p99 of /health/live, the worst case',
    figure: 'heavyProbeP99Ms',
    bound: ['<', 50],
    unit: ' ms',
  },
  {
    what: 'heavy models: p99 of the event-loop delay, the worst case',
    figure: 'heavyEventLoopDelayP99Ms',
    bound: ['<', 20],
    unit: ' ms',
  },
  {
    what: "heavy_row, 64 callers: share of the model's own batching gain",
    figure: 'heavyShareOfBatchingGain',
    bound: ['>=', 0.8],
    unit: '',
  },
];

export function goalsTable(figures: Figures): Table {
  return [
    ['Goal', 'Bound', 'Measured', 'Reached'],
    ...GOALS.map(({ what, figure: name, bound: [comparison, limit], unit }) => {
      const value = figures[name];
      return [
        what,
        `${comparison} ${limit}${unit}`,
        value === undefined ? 'not measured' : figure(value) + unit,
        value === undefined ? '-' : holds(value, comparison, limit) ? 'yes' : 'NO',
      ];
    }),
  ];
}

function holds(value: number, comparison: '>=' | '<=' | '<', limit: number): boolean {
  switch (comparison) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
  }
}
