import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLoopTurn } from './event-loop-turn.js';

const LONGEST_MS = 20;

/** Clocks that only the test moves: on a busy machine real ones would run on between two lines. */
let wallMs = 0;
let cpuMs = 0;

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => wallMs);
  vi.spyOn(process, 'threadCpuUsage').mockImplementation(() => ({ user: 1000 * cpuMs, system: 0 }));
});

afterEach(() => {
  vi.restoreAllMocks();
});

function work(forMs: number): void {
  wallMs += forMs;
  cpuMs += forMs;
}

async function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // An immediate that is set in another runs in the next turn.
    setImmediate(() => setImmediate(resolve));
  });
}

describe('EventLoopTurn', () => {
  it('is full when it has read for as long as it may, and empty again in the next one', async () => {
    const turn = new EventLoopTurn(LONGEST_MS);
    expect(turn.isFull()).toBe(false);
    work(LONGEST_MS + 1);
    expect(turn.isFull()).toBe(true);
    await nextTurn();
    expect(turn.isFull()).toBe(false);
  });

  it('takes in at least one request, even if the thread is held up at once', () => {
    const turn = new EventLoopTurn(LONGEST_MS);
    vi.spyOn(performance, 'now').mockImplementation(() => (wallMs += 2 * LONGEST_MS));
    vi.spyOn(process, 'threadCpuUsage').mockImplementation(() => {
      cpuMs += 2 * LONGEST_MS;
      return { user: 1000 * cpuMs, system: 0 };
    });
    expect(turn.isFull()).toBe(false);
    expect(turn.isFull()).toBe(true);
  });

  it('does not count what the thread did before the first request', () => {
    const turn = new EventLoopTurn(LONGEST_MS);
    work(5 * LONGEST_MS);
    expect(turn.isFull()).toBe(false);
    expect(turn.isFull()).toBe(false);
  });

  it('does not count the time in which the machine did something else', () => {
    const turn = new EventLoopTurn(LONGEST_MS);
    turn.isFull();
    wallMs += 5 * LONGEST_MS;
    expect(turn.isFull()).toBe(false);
  });

  it('takes in a quarter when all turns have been longer than that for the longest time', async () => {
    const turn = new EventLoopTurn(LONGEST_MS);
    for (let long = 0; long < 6; long++) {
      turn.isFull();
      work(LONGEST_MS / 2);
      await nextTurn();
    }
    turn.isFull();
    work(LONGEST_MS / 2);
    expect(turn.isFull()).toBe(true);
    await nextTurn();

    // A short one ends it: then a burst may be taken in again.
    turn.isFull();
    await nextTurn();
    turn.isFull();
    work(LONGEST_MS / 2);
    expect(turn.isFull()).toBe(false);
  });

  it('takes in as much after turns that spent long on refusals', async () => {
    const turn = new EventLoopTurn(LONGEST_MS);
    for (let long = 0; long < 6; long++) {
      turn.isFull();
      work(3 * LONGEST_MS);
      expect(turn.isFull()).toBe(true);
      await nextTurn();
    }
    turn.isFull();
    work(LONGEST_MS / 8);
    expect(turn.isFull()).toBe(false);
    work(LONGEST_MS / 4);
    expect(turn.isFull()).toBe(true);
  });
});
