import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PATIENT_CALLER } from '../call-context.js';
import type { FeatureTable } from '../feature-table.js';
import { DeadlineExceededError, ModelOverloadedError, RequestAbandonedError } from '../model.errors.js';
import { ModelMetrics } from '../model.metrics.js';
import type { RowSource } from '../row-source.js';
import { IdlePasses } from './idle-passes.js';
import { PassCost } from './pass-cost.js';
import { PassScheduler } from './pass-scheduler.js';

/** Of a pass of one row; each further row takes none. */
const SLICE_ROWS = 100;

/** Passes that end when the test says so. The graph's answer to a row is its value. */
class HeldPasses {
  /** First value and rows of each pass, in the order in which they began. */
  readonly begun: [number, number][] = [];
  private readonly held: PromiseWithResolvers<Float64Array>[] = [];

  readonly run = async ({ rowCount, numbers }: FeatureTable): Promise<Float64Array> => {
    this.begun.push([numbers[0] ?? NaN, rowCount]);
    const pass = Promise.withResolvers<Float64Array>();
    this.held.push(pass);
    await pass.promise;
    return numbers;
  };

  /** Ends the pass that began first, and lets two turns of the event loop pass. */
  async endOne(error?: Error): Promise<void> {
    const pass = this.held.shift();
    if (error === undefined) {
      pass?.resolve(Float64Array.of());
    } else {
      pass?.reject(error);
    }
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await nextTurn();
  }
}

function rowsFrom(first: number, rowCount: number): RowSource {
  return {
    rowCount,
    rows: (start, end) => ({
      rowCount: end - start,
      numbers: Float64Array.from({ length: end - start }, (_, row) => first + start + row),
      texts: [],
    }),
  };
}

function start({ passesAtOnce = 1, maxQueueRows = 1000, oneRowMs = 0 } = {}): {
  passes: HeldPasses;
  scheduler: PassScheduler;
  idle: IdlePasses;
} {
  const passes = new HeldPasses();
  const cost = PassCost.fromTimes(oneRowMs, SLICE_ROWS, oneRowMs);
  const scheduler = new PassScheduler(passes.run, {
    maxRows: SLICE_ROWS,
    passesAtOnce,
    maxQueueRows: 1000,
    cost,
    metrics: new ModelMetrics(new Registry()),
  });
  return { passes, scheduler, idle: new IdlePasses(scheduler, { maxRows: SLICE_ROWS, maxQueueRows, cost }) };
}

describe('IdlePasses', () => {
  it('scores the rows in slices, and answers in their order', async () => {
    const { passes, idle } = start();
    const answer = idle.submit(rowsFrom(0, 250), PATIENT_CALLER);
    await turns();
    expect(idle.rowsWaiting).toBe(150);
    for (let slice = 0; slice < 3; slice++) {
      await passes.endOne();
    }
    expect(passes.begun).toEqual([
      [0, 100],
      [100, 100],
      [200, 50],
    ]);
    expect(Array.from(await answer)).toEqual(Array.from({ length: 250 }, (_, row) => row));
    expect(idle.rowsWaiting).toBe(0);
  });

  it('lets every prediction that waits go first', async () => {
    const { passes, scheduler, idle } = start();
    const prediction = scheduler.submit(rowsFrom(1000, 1).rows(0, 1), PATIENT_CALLER);
    const answer = idle.submit(rowsFrom(0, 150), PATIENT_CALLER);
    await turns();
    expect(passes.begun).toEqual([[1000, 1]]);
    const second = scheduler.submit(rowsFrom(2000, 1).rows(0, 1), PATIENT_CALLER);
    await passes.endOne();
    expect(passes.begun.slice(1)).toEqual([[2000, 1]]);
    await passes.endOne();
    expect(passes.begun.slice(2)).toEqual([[0, 100]]);
    const third = scheduler.submit(rowsFrom(3000, 1).rows(0, 1), PATIENT_CALLER);
    await passes.endOne();
    expect(passes.begun.slice(3)).toEqual([[3000, 1]]);
    await passes.endOne();
    await passes.endOne();
    await Promise.all([prediction, second, third, answer]);
  });

  it('waits while each turn of the event loop brings a prediction', async () => {
    const { passes, scheduler, idle } = start();
    const answer = idle.submit(rowsFrom(0, 1), PATIENT_CALLER);
    for (let turn = 0; turn < 20; turn++) {
      void scheduler.submit(rowsFrom(1000, 1).rows(0, 1), PATIENT_CALLER);
      const ended = passes.endOne();
      expect(passes.begun.every(([first]) => first === 1000)).toBe(true);
      void scheduler.submit(rowsFrom(1000, 1).rows(0, 1), PATIENT_CALLER);
      await ended;
    }
    while (passes.begun.at(-1)?.[0] !== 0) {
      await passes.endOne();
    }
    await passes.endOne();
    expect(await answer).toEqual(Float64Array.of(0));
  });

  it('keeps the last of several places for predictions', async () => {
    const { passes, scheduler, idle } = start({ passesAtOnce: 3 });
    const answer = idle.submit(rowsFrom(0, 400), PATIENT_CALLER);
    await turns();
    expect(passes.begun).toEqual([
      [0, 100],
      [100, 100],
    ]);
    const prediction = scheduler.submit(rowsFrom(1000, 1).rows(0, 1), PATIENT_CALLER);
    expect(passes.begun.at(-1)).toEqual([1000, 1]);
    for (let pass = 0; pass < 5; pass++) {
      await passes.endOne();
    }
    expect((await answer).length).toBe(400);
    await prediction;
  });

  it('refuses what could not be done in time, or is too much beside what waits', async () => {
    const { idle } = start({ oneRowMs: 100, maxQueueRows: 300 });
    const inTime = { deadlineAtMs: performance.now() + 150, closed: false };
    // Slices of 100 rows in 100 ms each.
    await expect(idle.submit(rowsFrom(0, 1000), inTime)).rejects.toThrow(ModelOverloadedError);
    const patience = { deadlineAtMs: performance.now() + 1e6, closed: false };
    void idle.submit(rowsFrom(0, 1000), patience);
    await expect(idle.submit(rowsFrom(0, 1), patience)).rejects.toThrow(ModelOverloadedError);
  });

  it('lets work with a deadline and work without one take turns', async () => {
    const { passes, idle } = start({ maxQueueRows: 300 });
    const patience = { deadlineAtMs: performance.now() + 1e6, closed: false };
    const files = [
      idle.submit(rowsFrom(0, 300), PATIENT_CALLER),
      idle.submit(rowsFrom(5000, 200), PATIENT_CALLER),
    ];
    const explanations = [
      idle.submit(rowsFrom(1000, 200), patience),
      idle.submit(rowsFrom(2000, 100), patience),
    ];
    await turns();
    for (let slice = 0; slice < 8; slice++) {
      await passes.endOne();
    }
    await Promise.all([...files, ...explanations]);
    expect(passes.begun.map(([first]) => first)).toEqual([1000, 0, 1100, 100, 2000, 200, 5000, 5100]);
  });

  it('does not take a pause in a slice of one row for the pace of all', async () => {
    let nowMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => {
      clock.mockRestore();
    });
    const { passes, idle } = start();
    const endAll = async (work: Promise<unknown>, slices: number, lastMs: number): Promise<void> => {
      await turns();
      for (let slice = 1; slice <= slices; slice++) {
        nowMs += slice === slices ? lastMs : 1;
        await passes.endOne();
      }
      await work;
    };
    await endAll(idle.submit(rowsFrom(0, 1001), PATIENT_CALLER), 11, 50);
    // At 50 ms a row it would take 50 s.
    const work = idle.submit(rowsFrom(0, 1000), { deadlineAtMs: nowMs + 1000, closed: false });
    await expect(endAll(work, 10, 1)).resolves.toBeUndefined();
  });

  it('takes work again after a rest, however slow the passes before it were', async () => {
    let nowMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => {
      clock.mockRestore();
    });
    const { passes, idle } = start({ oneRowMs: 1 });
    const submit = async (): Promise<Float64Array> =>
      idle.submit(rowsFrom(0, 1000), { deadlineAtMs: nowMs + 10_000, closed: false });
    const slow = idle.submit(rowsFrom(0, 1), PATIENT_CALLER);
    await turns();
    nowMs += 60_000;
    await passes.endOne();
    await slow;
    await expect(submit()).rejects.toThrow(ModelOverloadedError);

    nowMs += 1001;
    const work = submit();
    await turns();
    for (let slice = 0; slice < 10; slice++) {
      await passes.endOne();
    }
    expect(await work).toHaveLength(1000);
  });

  it('gives up at the deadline, and when the caller has left', async () => {
    const { passes, idle } = start();
    const late = idle.submit(rowsFrom(0, 300), { deadlineAtMs: performance.now() + 20, closed: false });
    const left = { deadlineAtMs: Infinity, closed: false };
    const abandoned = idle.submit(rowsFrom(500, 300), left);
    const next = idle.submit(rowsFrom(900, 1), PATIENT_CALLER);
    await expect(late).rejects.toThrow(DeadlineExceededError);
    left.closed = true;
    const refused = expect(abandoned).rejects.toThrow(RequestAbandonedError);
    await passes.endOne();
    await refused;
    expect(passes.begun).toEqual([
      [0, 100],
      [900, 1],
    ]);
    await passes.endOne();
    expect(await next).toEqual(Float64Array.of(900));
    expect(idle.rowsWaiting).toBe(0);
  });

  it('tells of a graph that fails, and goes on with the next work', async () => {
    const { passes, idle } = start();
    const failing = idle.submit(rowsFrom(0, 300), PATIENT_CALLER);
    const next = idle.submit(rowsFrom(900, 1), PATIENT_CALLER);
    const failed = expect(failing).rejects.toThrow('broken');
    await turns();
    await passes.endOne(new Error('broken'));
    await failed;
    await passes.endOne();
    expect(await next).toEqual(Float64Array.of(900));
    expect(passes.begun.length).toBe(2);
  });
});
