import { AggregatorRegistry, Counter, type Registry } from 'prom-client';
import type { MetricsSnapshot } from './supervisor-protocol.js';

/** A worker that can be asked for its metrics. */
interface CountingWorker {
  metrics(): Promise<MetricsSnapshot>;
}

/** The label of what is counted against the training of a bundle. */
const REFERENCE = 'reference';

/** As long as workers are replaced, two bundles are served. Of those that came first, the earliest are forgotten. */
const KEPT_REFERENCES = 2;

const CUMULATIVE_TYPES = ['counter', 'histogram'];

/**
 * Adds up the metrics of the supervisor and of all workers. What a worker had counted stays in the sum when it ends, so
 * that no counter falls: up to its end, or up to the last scrape if it was killed.
 */
export class FleetMetrics {
  private readonly latest = new Map<CountingWorker, MetricsSnapshot>();
  private ended: MetricsSnapshot = [];
  /** Workers that count no more. An answer of theirs that is read later is older, or counted already. */
  private readonly finished = new WeakSet<CountingWorker>();

  private readonly restarts: Counter;

  /** @param own of the supervisor */
  constructor(private readonly own: Registry) {
    this.restarts = new Counter({
      name: 'worker_restarts_total',
      help: 'Workers that ended and were replaced.',
      registers: [own],
    });
  }

  /** @returns the sum, in Prometheus' text format */
  async text(workers: Iterable<CountingWorker>): Promise<string> {
    return (await this.sum(workers)).metrics();
  }

  /** @returns the sum */
  async snapshot(workers: Iterable<CountingWorker>): Promise<MetricsSnapshot> {
    return snapshotOf(await this.sum(workers));
  }

  private async sum(workers: Iterable<CountingWorker>): Promise<Registry> {
    await Promise.all([...workers].map((worker) => this.ask(worker)));
    const own = await this.own.getMetricsAsJSON();
    return AggregatorRegistry.aggregate([own, this.ended, ...this.latest.values()]);
  }

  /** Takes the last metrics of a worker that ends. */
  finish(worker: CountingWorker, snapshot: MetricsSnapshot): void {
    this.take(worker, snapshot);
    this.finished.add(worker);
  }

  /** Keeps the counters and histograms of a worker that has ended, and drops its gauges. */
  retain(worker: CountingWorker): void {
    this.finished.add(worker);
    const last = this.latest.get(worker) ?? [];
    this.latest.delete(worker);
    const cumulative = last.filter(({ type }) => CUMULATIVE_TYPES.includes(String(type)));
    const sum = snapshotOf(AggregatorRegistry.aggregate([this.ended, cumulative]));
    this.ended = withLatestReferences(sum);
  }

  restarted(): void {
    this.restarts.inc();
  }

  private async ask(worker: CountingWorker): Promise<void> {
    try {
      this.take(worker, await worker.metrics());
    } catch {
      // It is busy or has ended. Its last metrics stay in the sum.
    }
  }

  private take(worker: CountingWorker, snapshot: MetricsSnapshot): void {
    if (!this.finished.has(worker)) {
      this.latest.set(worker, snapshot);
    }
  }
}

function snapshotOf(sum: Registry): MetricsSnapshot {
  // prom-client's types do not say that added-up metrics have values.
  return sum.getMetricsAsArray() as MetricsSnapshot;
}

/** Drops the series of bundles that were served earlier. Otherwise each reload would add to all scrapes for ever. */
function withLatestReferences(metrics: MetricsSnapshot): MetricsSnapshot {
  const references = new Set(metrics.flatMap(({ values }) => values.map(({ labels }) => labels[REFERENCE])));
  references.delete(undefined);
  const dropped = [...references].slice(0, -KEPT_REFERENCES);
  return dropped.length === 0
    ? metrics
    : metrics.map((metric) => ({
        ...metric,
        values: metric.values.filter(({ labels }) => !dropped.includes(labels[REFERENCE])),
      }));
}
