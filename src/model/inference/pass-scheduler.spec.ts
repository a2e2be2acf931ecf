import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ModelMetrics } from '../model.metrics.js';
import type { CallContext } from '../call-context.js';
import type { FeatureTable } from '../feature-table.js';
import {
  DeadlineExceededError,
  ModelNotReadyError,
  ModelOverloadedError,
  RequestAbandonedError,
} from '../model.errors.js';
import type { ForwardPass } from './inference.js';
import { PassCost } from './pass-cost.js';
import { PassScheduler } from './pass-scheduler.js';

const MAX_ROWS = 100;
const PRESENT = { deadlineAtMs: Infinity, closed: false };
const GONE = { deadlineAtMs: Infinity, closed: true };

function schedulerOf(
  run: ForwardPass,
  { passesAtOnce = 1, maxQueueRows = 100_000, cost = PassCost.fromTimes(0, MAX_ROWS, 0) } = {},
): PassScheduler {
  const metrics = new ModelMetrics(new Registry());
  return new PassScheduler(run, { maxRows: MAX_ROWS, passesAtOnce, maxQueueRows, cost, metrics });
}

/** Passes that end when the test says so. The graph's answer to a row is its value. */
class HeldPasses {
  readonly rowCounts: number[] = [];
  private readonly held: (() => void)[] = [];

  readonly run = ({ rowCount, numbers }: FeatureTable): Promise<Float64Array> => {
    this.rowCounts.push(rowCount);
    return new Promise((resolve) => {
      this.held.push(() => {
        resolve(numbers);
      });
    });
  };

  /** Ends the running pass, and resolves when the next one runs or none is wanted. */
  async endOne(): Promise<void> {
    this.held.shift()?.();
    await new Promise(setImmediate);
  }
}

const UNLUCKY = 13.5;

/** A graph that fails on one value. */
async function failIfUnlucky({ numbers }: FeatureTable): Promise<Float64Array> {
  if (numbers.includes(UNLUCKY)) {
    throw new Error('unlucky');
  }
  return Promise.resolve(numbers);
}

/** What a request was told: its answers, or why it has none. */
function told(outcome: PromiseSettledResult<Float64Array> | undefined): string {
  if (outcome?.status !== 'rejected') {
    return String([...(outcome?.value ?? [])]);
  }
  const { name, message } = outcome.reason as Error;
  return name === 'Error' ? message : name;
}

/** Rows of one number, and of its text. */
function rows(...values: number[]): FeatureTable {
  return { rowCount: values.length, numbers: Float64Array.from(values), texts: values.map(String) };
}

function batchOf(rowCount: number): FeatureTable {
  return rows(...Array<number>(rowCount).fill(0));
}

describe('PassScheduler', () => {
  it('starts a pass at once when idle, and shares the next one among all that came in the meantime', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    const answers = [1, 2, 3, 4].map((value) => scheduler.submit(rows(value), PRESENT));
    expect(passes.rowCounts).toEqual([1]);
    await passes.endOne();
    expect(passes.rowCounts).toEqual([1, 3]);
    await passes.endOne();
    expect((await Promise.all(answers)).map((values) => [...values])).toEqual([[1], [2], [3], [4]]);
  });

  it('runs as many passes at once as it may', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run, { passesAtOnce: 2 });
    const answers = [1, 2, 3, 4].map((value) => scheduler.submit(rows(value), PRESENT));
    expect(passes.rowCounts).toEqual([1, 1]);
    await passes.endOne();
    expect(passes.rowCounts).toEqual([1, 1, 2]);
    await passes.endOne();
    await passes.endOne();
    expect((await Promise.all(answers)).map((values) => [...values])).toEqual([[1], [2], [3], [4]]);
  });

  it('counts rows, not requests, and splits no request', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    for (const rowCount of [1, 40, 40, 40, 100]) {
      void scheduler.submit(batchOf(rowCount), PRESENT);
    }
    for (let pass = 0; pass < 4; pass++) {
      await passes.endOne();
    }
    expect(passes.rowCounts).toEqual([1, 80, 40, 100]);
  });

  it('lets single rows wait for one pass more at most, however many batches wait before them', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    for (let batch = 0; batch < 50; batch++) {
      void scheduler.submit(batchOf(100), PRESENT);
    }
    for (let pass = 0; pass < 10; pass++) {
      let answered = false;
      void scheduler.submit(rows(7), PRESENT).then(() => (answered = true));
      await passes.endOne();
      await passes.endOne();
      await passes.endOne();
      expect(answered).toBe(true);
    }
  });

  it('lets batches have every other pass, however many single rows wait', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    for (let single = 0; single < 1000; single++) {
      void scheduler.submit(rows(single), PRESENT);
    }
    let answeredBatches = 0;
    for (let batch = 0; batch < 3; batch++) {
      void scheduler.submit(batchOf(100), PRESENT).then(() => answeredBatches++);
    }
    for (let pass = 0; pass < 7; pass++) {
      await passes.endOne();
    }
    expect(answeredBatches).toBe(3);
  });

  it('drops a request that is abandoned before its turn, and no other', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    const first = scheduler.submit(rows(1), PRESENT);
    const abandoned = scheduler.submit(rows(2), GONE);
    const last = scheduler.submit(rows(3), PRESENT);
    const dropped = expect(abandoned).rejects.toThrow(RequestAbandonedError);
    await passes.endOne();
    await passes.endOne();
    await dropped;
    expect([...(await first), ...(await last)]).toEqual([1, 3]);
    expect(passes.rowCounts).toEqual([1, 1]);
  });

  it('goes on after an idle time in which only an abandoned request came', async () => {
    const scheduler = schedulerOf(({ numbers }) => Promise.resolve(numbers));
    await expect(scheduler.submit(rows(1), GONE)).rejects.toThrow(RequestAbandonedError);
    expect([...(await scheduler.submit(rows(2), PRESENT))]).toEqual([2]);
  });

  it('keeps the failure of one request from the others of its pass', async () => {
    const scheduler = schedulerOf(failIfUnlucky);
    const outcomes = await Promise.allSettled(
      [1, 2, UNLUCKY, 4].map((value) => scheduler.submit(rows(value), PRESENT)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('finds one culprit among 60 requests in few passes', async () => {
    const rowCounts: number[] = [];
    const scheduler = schedulerOf((table) => {
      rowCounts.push(table.rowCount);
      return failIfUnlucky(table);
    });
    const first = scheduler.submit(rows(0), PRESENT);
    const values = Array.from({ length: 60 }, (_, index) => (index === 37 ? UNLUCKY : index));
    const outcomes = await Promise.allSettled(values.map((value) => scheduler.submit(rows(value), PRESENT)));
    expect([...(await first)]).toEqual([0]);
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([37]);
    expect(rowCounts.slice(0, 3)).toEqual([1, 60, 30]);
    // The first request's, the one that failed, and two for each time that it is halved.
    expect(rowCounts.length).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(60)));
  });

  it('runs a failed pass again only for those who still wait', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(async (table) => {
      await passes.run(table);
      return failIfUnlucky(table);
    });
    const leaver = { deadlineAtMs: Infinity, closed: false };
    const latecomer = { deadlineAtMs: Infinity, closed: false };
    const first = scheduler.submit(rows(0), PRESENT);
    const outcomes = Promise.allSettled([
      scheduler.submit(rows(1), leaver),
      scheduler.submit(rows(2), latecomer),
      scheduler.submit(rows(UNLUCKY), PRESENT),
      scheduler.submit(rows(3), PRESENT),
    ]);
    await passes.endOne();
    leaver.closed = true;
    latecomer.deadlineAtMs = performance.now();
    for (let pass = 0; pass < 4; pass++) {
      await passes.endOne();
    }
    expect(await outcomes).toMatchObject([
      { reason: expect.any(RequestAbandonedError) as Error },
      { reason: expect.any(DeadlineExceededError) as Error },
      { reason: { message: 'unlucky' } },
      { value: Float64Array.of(3) },
    ]);
    expect([...(await first)]).toEqual([0]);
    expect(passes.rowCounts).toEqual([1, 4, 2, 1, 1]);
  });

  it('stops running a failed pass again as soon as nobody waits', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(async (table) => {
      await passes.run(table);
      throw new Error('broken');
    });
    const callers = Array.from({ length: 60 }, () => ({ deadlineAtMs: Infinity, closed: false }));
    const first = expect(scheduler.submit(rows(0), PRESENT)).rejects.toThrow('broken');
    const outcomes = Promise.allSettled(callers.map((caller) => scheduler.submit(rows(1), caller)));
    await passes.endOne();
    await passes.endOne();
    callers.forEach((caller) => {
      caller.deadlineAtMs = performance.now();
    });
    await passes.endOne();
    await Promise.all([first, outcomes, scheduler.idle()]);
    // The first half was running when the time was over.
    expect(passes.rowCounts).toEqual([1, 60, 30]);
  });

  it('tells callers of their wait once, and of each pass that they had a part in, also of one that failed', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(async (table) => {
      await passes.run(table);
      return failIfUnlucky(table);
    });
    const first = scheduler.submit(rows(1), PRESENT);
    const told: string[] = [];
    const traced: CallContext = {
      ...PRESENT,
      trace: {
        record: (name, startedAtMs, endedAtMs, attributes) => {
          expect(endedAtMs).toBeGreaterThanOrEqual(startedAtMs);
          told.push(`${name} ${JSON.stringify(attributes ?? {})}`);
        },
      },
    };
    const unlucky = scheduler.submit(rows(UNLUCKY), PRESENT);
    const second = scheduler.submit(rows(2, 3), traced);
    const failed = expect(unlucky).rejects.toThrow('unlucky');
    for (let pass = 0; pass < 4; pass++) {
      await passes.endOne();
    }
    await Promise.all([first, failed, second]);
    expect(told).toEqual([
      'queue {}',
      'inference {"request_rows":2,"pass_rows":3}',
      'inference {"request_rows":2,"pass_rows":2}',
    ]);
  });

  it('refuses all requests of a pass that nothing can run, without another try', async () => {
    let tries = 0;
    const run = (): Promise<Float64Array> => {
      tries++;
      return Promise.reject(new ModelNotReadyError('stalled'));
    };
    const scheduler = schedulerOf(run);
    const answers = [1, 2, 3].map((value) => scheduler.submit(rows(value), PRESENT));
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(2);
  });

  it('is idle when all are answered', async () => {
    const scheduler = schedulerOf(({ numbers }) => Promise.resolve(numbers));
    const answers = [scheduler.submit(rows(1), PRESENT), scheduler.submit(batchOf(2), PRESENT)];
    await scheduler.idle();
    expect(await Promise.all(answers)).toHaveLength(2);
    expect([...(await scheduler.submit(rows(5), PRESENT))]).toEqual([5]);
  });

  it('refuses what would wait beyond its deadline, at once, and takes what would not', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run, { cost: PassCost.fromTimes(1000, MAX_ROWS, 1000) });
    const inSeconds = (seconds: number): CallContext => ({
      deadlineAtMs: performance.now() + seconds * 1000,
      closed: false,
    });
    void scheduler.submit(batchOf(100), PRESENT);
    void scheduler.submit(batchOf(100), PRESENT);
    // The running pass ends in a second, and the one of the waiting batch in two.
    await expect(scheduler.submit(rows(1), inSeconds(1.5))).rejects.toThrow(ModelOverloadedError);
    const accepted = scheduler.submit(rows(2), inSeconds(10));
    await passes.endOne();
    await passes.endOne();
    await passes.endOne();
    expect([...(await accepted)]).toEqual([2]);
    expect(passes.rowCounts).toEqual([100, 100, 1]);
  });

  it('makes no pass longer than a request in it has time, however many wait', async () => {
    const passes = new HeldPasses();
    const secondsPerRow = 1;
    const cost = PassCost.fromTimes(secondsPerRow * 1000, 2, 2 * secondsPerRow * 1000);
    const scheduler = schedulerOf(passes.run, { cost });
    const hurried = { deadlineAtMs: performance.now() + 101_000, closed: false };
    const answers = [
      scheduler.submit(rows(0), PRESENT),
      scheduler.submit(rows(1), hurried),
      ...Array.from({ length: 90 }, () => scheduler.submit(rows(2), PRESENT)),
    ];
    await passes.endOne();
    // The first pass was fast, so a row is now expected to take 0.8 s.
    expect(passes.rowCounts).toEqual([1, 50]);
    await passes.endOne();
    await passes.endOne();
    expect(passes.rowCounts).toEqual([1, 50, 41]);
    expect(await Promise.all(answers)).toHaveLength(92);
  });

  it('refuses what would make more rows wait than may', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run, { maxQueueRows: 150 });
    const answers = [100, 100, 50].map((rowCount) => scheduler.submit(batchOf(rowCount), PRESENT));
    await expect(scheduler.submit(rows(1), PRESENT)).rejects.toThrow(ModelOverloadedError);
    await passes.endOne();
    await passes.endOne();
    await passes.endOne();
    expect(await Promise.all(answers)).toHaveLength(3);
  });

  it('drops a request whose deadline passes before its turn, and makes room for others', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run, { maxQueueRows: 100 });
    const first = scheduler.submit(rows(1), PRESENT);
    const late = scheduler.submit(batchOf(100), { deadlineAtMs: performance.now() + 5, closed: false });
    await expect(late).rejects.toThrow(DeadlineExceededError);
    const last = scheduler.submit(batchOf(100), PRESENT);
    await passes.endOne();
    await passes.endOne();
    expect(await Promise.all([first, last])).toHaveLength(2);
    expect(passes.rowCounts).toEqual([1, 100]);
  });

  it('answers nobody later than the deadline, though the pass still runs', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    const late = scheduler.submit(rows(1), { deadlineAtMs: performance.now() + 5, closed: false });
    await expect(late).rejects.toThrow(DeadlineExceededError);
    await expect(
      scheduler.submit(rows(2), { deadlineAtMs: performance.now() - 1, closed: false }),
    ).rejects.toThrow(DeadlineExceededError);
    expect(passes.rowCounts).toEqual([1]);
  });

  it('answers nobody whose deadline was over when the pass ended, and all who shared it', async () => {
    const passes = new HeldPasses();
    const scheduler = schedulerOf(passes.run);
    const caller = { deadlineAtMs: Infinity, closed: false };
    const first = scheduler.submit(rows(1), PRESENT);
    const late = scheduler.submit(rows(2), caller);
    const company = scheduler.submit(rows(3), PRESENT);
    await passes.endOne();
    caller.deadlineAtMs = performance.now();
    await Promise.all([passes.endOne(), expect(late).rejects.toThrow(DeadlineExceededError)]);
    expect([...(await first), ...(await company)]).toEqual([1, 3]);
  });

  it('gives each request its own answers in their order, under any interleaving', async () => {
    const request = fc.array(fc.integer(), { minLength: 1, maxLength: MAX_ROWS });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(request, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (order, requests, passesAtOnce) => {
          const run = order.scheduleFunction(({ numbers }: FeatureTable) => Promise.resolve(numbers.slice()));
          const scheduler = schedulerOf(run, { passesAtOnce });
          const submit = order.scheduleFunction((values: number[]) => Promise.resolve(values));
          const answers = requests.map(async (values) =>
            scheduler.submit(rows(...(await submit(values))), PRESENT),
          );
          const answered = Promise.all(answers);
          await order.waitFor(answered);
          expect((await answered).map((values) => [...values])).toEqual(requests);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fails culprits and those who no longer wait, and gives all others their own answers', async () => {
    const request = fc.record({
      values: fc.array(fc.oneof({ weight: 19, arbitrary: fc.integer() }, fc.constant(UNLUCKY)), {
        minLength: 1,
        maxLength: 20,
      }),
      leaves: fc.boolean(),
      isLate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(request, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (order, requests, passesAtOnce) => {
          const scheduler = schedulerOf(order.scheduleFunction(failIfUnlucky), { passesAtOnce });
          const changeMind = order.scheduleFunction(() => Promise.resolve());
          const settled = Promise.allSettled(
            requests.map(({ values, leaves, isLate }) => {
              const caller = { deadlineAtMs: Infinity, closed: false };
              void changeMind().then(() => {
                caller.closed = leaves;
                caller.deadlineAtMs = isLate ? performance.now() : Infinity;
              });
              return scheduler.submit(rows(...values), caller);
            }),
          );
          await order.waitFor(settled);
          await order.waitIdle();
          await scheduler.idle();
          const outcomes = await settled;
          requests.forEach(({ values, leaves, isLate }, index) => {
            const possible = [
              values.includes(UNLUCKY) ? 'unlucky' : String(values),
              ...(leaves ? ['RequestAbandonedError'] : []),
              ...(isLate ? ['DeadlineExceededError'] : []),
            ];
            expect(possible).toContain(told(outcomes[index]));
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
