import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { FleetMetrics } from './fleet-metrics.js';
import type { MetricsSnapshot } from './supervisor-protocol.js';

/** A worker that has answered so many requests and works on one. */
class Worker {
  isBusy = false;
  private readonly registry = new Registry();
  private readonly answered = new Counter({
    name: 'answered_total',
    help: 'Requests.',
    registers: [this.registry],
  });

  constructor(answered: number) {
    new Gauge({ name: 'in_flight', help: 'Requests.', registers: [this.registry] }).set(1);
    this.answer(answered);
  }

  answer(count: number): void {
    this.answered.inc(count);
  }

  /** A copy, as from another process. */
  async metrics(): Promise<MetricsSnapshot> {
    if (this.isBusy) {
      throw new Error('timeout');
    }
    return structuredClone(await this.registry.getMetricsAsJSON());
  }
}

function fleet(): FleetMetrics {
  return new FleetMetrics(new Registry());
}

describe('FleetMetrics', () => {
  it('adds up the metrics of all workers', async () => {
    const text = await fleet().text([new Worker(2), new Worker(3)]);
    expect(text).toContain('answered_total 5');
    expect(text).toContain('in_flight 2');
  });

  it('keeps the counters of ended workers, and drops their gauges', async () => {
    const metrics = fleet();
    const [first, second, third] = [new Worker(2), new Worker(3), new Worker(10)];
    await metrics.text([first, second, third]);
    metrics.retain(first);
    metrics.retain(second);
    const text = await metrics.text([third]);
    expect(text).toContain('answered_total 15');
    expect(text).toContain('in_flight 1');
  });

  it('keeps the last metrics of a worker that ended', async () => {
    const metrics = fleet();
    const worker = new Worker(2);
    await metrics.text([worker]);
    worker.answer(5);
    metrics.finish(worker, await worker.metrics());
    metrics.retain(worker);
    expect(await metrics.text([])).toContain('answered_total 7');
  });

  it('counts a worker that does not answer with its last metrics', async () => {
    const metrics = fleet();
    const worker = new Worker(2);
    await metrics.text([worker]);
    worker.isBusy = true;
    expect(await metrics.text([worker, new Worker(1)])).toContain('answered_total 3');
  });

  it('counts a worker only once if its answer to a scrape is read after it has ended', async () => {
    const metrics = fleet();
    const worker = new Worker(2);
    await metrics.text([worker]);
    const scrape = metrics.text([worker]);
    metrics.retain(worker);
    expect(await scrape).toContain('answered_total 2');
    expect(await metrics.text([])).toContain('answered_total 2');
  });

  it('counts a worker only once if its last metrics arrive after its end is seen', async () => {
    const metrics = fleet();
    const worker = new Worker(2);
    await metrics.text([worker]);
    metrics.retain(worker);
    metrics.finish(worker, await worker.metrics());
    expect(await metrics.text([])).toContain('answered_total 2');
  });

  it('keeps the last metrics of a worker, even if an older answer is read later', async () => {
    const metrics = fleet();
    const worker = new Worker(2);
    const older = await worker.metrics();
    worker.answer(5);
    const last = await worker.metrics();
    vi.spyOn(worker, 'metrics').mockResolvedValue(older);
    const scrape = metrics.text([worker]);
    metrics.finish(worker, last);
    expect(await scrape).toContain('answered_total 7');
  });

  it('keeps what ended workers counted against the two references that came last only', async () => {
    const metrics = fleet();
    for (const reference of ['a', 'b', 'c', 'c', 'd']) {
      const registry = new Registry();
      new Counter({
        name: 'rows_total',
        help: 'Rows.',
        labelNames: ['bin', 'reference'],
        registers: [registry],
      }).inc({ bin: 'x', reference }, 2);
      const worker = new Worker(1);
      metrics.finish(worker, [...(await registry.getMetricsAsJSON()), ...(await worker.metrics())]);
      metrics.retain(worker);
    }
    const text = await metrics.text([]);
    expect(text.match(/^rows_total.*$/gm)).toEqual([
      'rows_total{bin="x",reference="c"} 4',
      'rows_total{bin="x",reference="d"} 2',
    ]);
    expect(text).toContain('answered_total 5');
  });

  it('counts restarts', async () => {
    const metrics = fleet();
    expect(await metrics.text([])).toContain('worker_restarts_total 0');
    metrics.restarted();
    expect(await metrics.text([])).toContain('worker_restarts_total 1');
  });
});
