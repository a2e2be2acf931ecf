import { describe, expect, it } from 'vitest';
import { type CountedMetrics, CountHistory } from './count-history.js';

function metrics(totals: Readonly<Record<string, number>>): CountedMetrics {
  const values = Object.entries(totals).map(([bin, value]) => ({ labels: { bin }, value }));
  return [
    { name: 'rows_total', values },
    { name: 'others_total', values },
  ];
}

function counted(history: CountHistory, windowMs: number, now: CountedMetrics, nowMs: number): unknown {
  const { coveredMs, counts } = history.since(windowMs, now, nowMs);
  return [coveredMs, Object.fromEntries(counts.map(({ labels, value }) => [labels['bin'], value]))];
}

describe('CountHistory', () => {
  it('tells what the counters that it was told of counted since the start, while the history is short', () => {
    const history = new CountHistory(['rows_total'], 100, 0);
    expect(counted(history, 100, metrics({ a: 3, b: 0 }), 5)).toEqual([5, { a: 3, b: 0 }]);
  });

  it('tells what was counted since the latest sample that is as old as the window', () => {
    const history = new CountHistory(['rows_total'], 100, 0);
    history.record(metrics({ a: 1 }), 10);
    history.record(metrics({ a: 2 }), 20);
    history.record(metrics({ a: 4 }), 30);
    expect(counted(history, 15, metrics({ a: 9 }), 40)).toEqual([20, { a: 7 }]);
    expect(counted(history, 20, metrics({ a: 9 }), 40)).toEqual([20, { a: 7 }]);
    expect(counted(history, 21, metrics({ a: 9 }), 40)).toEqual([30, { a: 8 }]);
  });

  it('keeps one sample that is older than the longest window, and no more', () => {
    const history = new CountHistory(['rows_total'], 100, 0);
    for (let atMs = 10; atMs <= 1000; atMs += 10) {
      history.record(metrics({ a: atMs }), atMs);
    }
    expect(counted(history, 100, metrics({ a: 1005 }), 1005)).toEqual([105, { a: 105 }]);
    expect(counted(history, 10_000, metrics({ a: 1005 }), 1005)).toEqual([105, { a: 105 }]);
  });

  it('counts a new series from zero, and forgets one that is gone', () => {
    const history = new CountHistory(['rows_total'], 100, 0);
    history.record(metrics({ a: 5, b: 7 }), 10);
    expect(counted(history, 10, metrics({ b: 9, c: 2 }), 20)).toEqual([10, { b: 2, c: 2 }]);
    history.record(metrics({ b: 9, c: 2 }), 20);
    expect(counted(history, 15, metrics({ c: 3, b: 9 }), 25)).toEqual([15, { b: 2, c: 3 }]);
  });
});
