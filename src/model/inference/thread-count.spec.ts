import { describe, expect, it } from 'vitest';
import { inferenceThreadCount } from './thread-count.js';

const AUTO = 'auto';

describe('inferenceThreadCount', () => {
  it.each([
    ['in line while a full pass is short', AUTO, 1, 2, 8, 0],
    ['on every core but the event loop’s when it is long', AUTO, 1, 2.1, 8, 7],
    ['on a thread at least, though there is one core', AUTO, 1, 500, 1, 1],
    ['on each worker’s share of the cores', AUTO, 2, 500, 8, 3],
    ['on a thread of each worker that has but one core', AUTO, 8, 500, 8, 1],
    ['in line if the operator says so', 0, 1, 500, 8, 0],
    ['on as many threads as the operator says', 5, 1, 0.1, 2, 5],
  ] as const)('runs passes %s', (_, inferenceThreads, workers, fullPassMs, coreCount, expected) => {
    expect(inferenceThreadCount({ inferenceThreads, workers }, fullPassMs, coreCount)).toBe(expected);
  });
});
