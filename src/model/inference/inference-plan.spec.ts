import { describe, expect, it } from 'vitest';
import { likelyThreadCount, planInference, rowsToTime } from './inference-plan.js';

const AUTO = 'auto';

describe('planInference', () => {
  it.each([
    ['in line while a full pass is short', AUTO, 1, 2, 8, 0],
    ['on every core but the event loop’s when it is long', AUTO, 1, 2.1, 8, 7],
    ['on a thread at least, though there is one core', AUTO, 1, 500, 1, 1],
    ['on each worker’s share of the cores', AUTO, 2, 500, 8, 3],
    ['on a thread of each worker that has but one core', AUTO, 8, 500, 8, 1],
    ['in line if the operator says so', 0, 1, 500, 8, 0],
    ['on as many threads as the operator says', 5, 1, 0.1, 2, 5],
  ] as const)('runs passes %s', (_, inferenceThreads, workers, passMs, coreCount, expected) => {
    const settings = { inferenceThreads, workers, maxBatchRows: AUTO } as const;
    expect(planInference(settings, passMs, coreCount).threadCount).toBe(expected);
  });

  it.each([
    ['as many rows as fit into the longest pass in line', AUTO, 0.5, 512],
    ['no more rows than gain anything', AUTO, 0.03, 1024],
    ['a whole batch at least, however heavy the model', AUTO, 500, 128],
    ['as many rows as the operator says', 4096, 500, 4096],
  ] as const)('lets a pass have %s', (_, maxBatchRows, passMs, expected) => {
    const settings = { inferenceThreads: AUTO, workers: 1, maxBatchRows } as const;
    expect(planInference(settings, passMs, 2).maxBatchRows).toBe(expected);
  });

  it('lets a pass that no prediction shares have more rows, unless the operator says how many', () => {
    const rowsOf = (maxBatchRows: number | 'auto'): number =>
      planInference({ inferenceThreads: 0, workers: 1, maxBatchRows }, 0.03, 2).maxSliceRows;
    expect([rowsOf('auto'), rowsOf(300)]).toEqual([8192, 300]);
  });

  it('decides by a pass of the largest size, or of the least if it is to find the largest', () => {
    expect(rowsToTime({ maxBatchRows: 4096 })).toBe(4096);
    expect(rowsToTime({ maxBatchRows: AUTO })).toBe(128);
  });
});

describe('likelyThreadCount', () => {
  it.each([
    ['auto', 2 ** 20, 0],
    ['auto', 2 ** 24, 3],
    [0, 2 ** 24, 0],
    [2, 2 ** 10, 2],
  ] as const)(
    'of INFERENCE_THREADS=%s for a model of %d bytes is %d',
    (inferenceThreads, bytes, expected) => {
      const settings = { inferenceThreads, maxBatchRows: 'auto', workers: 1 } as const;
      expect(likelyThreadCount(settings, bytes, 4)).toBe(expected);
    },
  );
});
