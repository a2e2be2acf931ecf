import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CountedMetrics } from '../instruments/count-history.js';
import { RecordedCounts } from './counts-over-time.js';
import { FEATURE_ROWS } from './drift-counters.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** One row a minute, since the counter began. */
function rowsNow(): CountedMetrics {
  const value = Math.floor(performance.now() / MINUTE_MS);
  return [{ name: FEATURE_ROWS, values: [{ labels: { bin: 'a' }, value }] }];
}

async function counted(counts: RecordedCounts, windowMs: number): Promise<[number, number]> {
  const [window] = await counts.since([windowMs]);
  return [(window?.coveredMs ?? NaN) / MINUTE_MS, window?.counts[0]?.value ?? NaN];
}

describe('RecordedCounts', () => {
  it('knows what was counted in the last hour and day, to five minutes', async () => {
    const counts = new RecordedCounts(() => Promise.resolve(rowsNow()));
    for (let hour = 0; hour < 30; hour++) {
      await vi.advanceTimersByTimeAsync(HOUR_MS);
    }
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(await counted(counts, HOUR_MS)).toEqual([62, 62]);
    expect(await counted(counts, 24 * HOUR_MS)).toEqual([24 * 60 + 2, 24 * 60 + 2]);
  });

  it('goes on after a time at which there were no metrics', async () => {
    let isFailing = true;
    const counts = new RecordedCounts(() =>
      isFailing ? Promise.reject(new Error('none')) : Promise.resolve(rowsNow()),
    );
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    isFailing = false;
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
    expect(await counted(counts, HOUR_MS)).toEqual([60, 60]);
  });
});
