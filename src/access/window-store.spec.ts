import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WindowStore } from './window-store.js';

const WINDOW_MS = 1000;

describe('WindowStore', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** The counts of a caller's requests, each sent so long after the start. */
  function counts(...timesMs: number[]): number[] {
    const store = new WindowStore(WINDOW_MS);
    let nowMs = 0;
    return timesMs.map((timeMs) => {
      vi.advanceTimersByTime(timeMs - nowMs);
      nowMs = timeMs;
      return store.increment('caller').totalHits;
    });
  }

  it('begins a window with the first request, and the next with the first after its end', () => {
    expect(counts(0, 999, 1000, 1999, 2500)).toEqual([1, 2, 1, 2, 1]);
  });

  it('goes on counting when it forgets callers that have sent nothing for a while', () => {
    expect(counts(900, 1100, 1899, 1900, 2100, 2899, 2900)).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  it('counts each caller for itself', () => {
    const store = new WindowStore(WINDOW_MS);
    store.increment('a');
    expect(store.increment('b').totalHits).toBe(1);
    expect(store.increment('a').totalHits).toBe(2);
  });

  it('says when a window ends by the clock of the wall as it is now', () => {
    const store = new WindowStore(WINDOW_MS);
    store.increment('caller');
    vi.advanceTimersByTime(400);
    vi.setSystemTime(0);
    expect(store.increment('caller').resetTime).toEqual(new Date(600));
  });
});
