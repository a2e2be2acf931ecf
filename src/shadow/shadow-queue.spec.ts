import { describe, expect, it } from 'vitest';
import { ShadowQueue, type WaitingRows } from './shadow-queue.js';

function rows(rowCount: number, settled: (number | undefined)[] = []): WaitingRows {
  return {
    table: { rowCount, numbers: new Float64Array(rowCount), texts: [] },
    probabilities: new Float64Array(rowCount),
    settle: (probabilities) => settled.push(probabilities?.length),
  };
}

describe('ShadowQueue', () => {
  it('takes whole requests, the oldest first, up to the rows of an order', () => {
    const queue = new ShadowQueue();
    [5, 6, 7]
      .map((count) => rows(count))
      .forEach((waiting) => {
        queue.add(waiting);
      });
    expect(queue.take().table.rowCount).toBe(11);
    expect(queue.take().table.rowCount).toBe(7);
    expect(queue.isEmpty).toBe(true);
  });

  it('takes a request that is larger than an order alone', () => {
    const queue = new ShadowQueue();
    queue.add(rows(100));
    queue.add(rows(1));
    expect(queue.take().table.rowCount).toBe(100);
  });

  it('makes orders as large as the candidate scores in a tenth of a second, growing step by step', () => {
    const queue = new ShadowQueue();
    const take = (): number => {
      Array.from({ length: 3000 }, () => rows(1)).forEach((waiting) => {
        queue.add(waiting);
      });
      const { rowCount } = queue.take().table;
      queue.clear();
      return rowCount;
    };
    queue.took(16, 0.1);
    expect(take()).toBe(32);
    for (let order = 0; order < 10; order++) {
      queue.took(16, 0.1);
    }
    expect(take()).toBe(1024);
    queue.took(10, 100);
    expect(take()).toBe(10);
    queue.took(1, 5000);
    expect(take()).toBe(1);
  });

  it('has room for 10,000 rows, and none after that until some are taken', () => {
    const queue = new ShadowQueue();
    queue.add(rows(9999));
    expect(queue.hasRoomFor(1)).toBe(true);
    expect(queue.hasRoomFor(2)).toBe(false);
    queue.take();
    expect(queue.hasRoomFor(10_000)).toBe(true);
  });

  it('tells all who wait that there is no answer when it is cleared', () => {
    const settled: (number | undefined)[] = [];
    const queue = new ShadowQueue();
    queue.add(rows(2, settled));
    queue.add(rows(3, settled));
    expect(queue.clear()).toBe(5);
    expect(settled).toEqual([undefined, undefined]);
    expect(queue.clear()).toBe(0);
  });
});
