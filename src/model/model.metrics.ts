import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { durationBounds } from '../instruments/duration-bounds.js';
import { HistogramMetric, type Series } from '../instruments/histogram-metric.js';

/** State of the model that each scrape reads. */
export interface ModelState {
  readonly isReady: () => boolean;
  readonly rowsWaiting: () => number;
  readonly rowsInFlight: () => number;
  readonly idleRowsWaiting: () => number;
}

const PASS_ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

/** Counts and times the forward passes and their queue. */
@Injectable()
export class ModelMetrics {
  private readonly queueDurations: Series;
  private readonly inferenceDurations: Series;
  private readonly passRows: Series;
  private readonly threadRestarts: Counter;

  constructor(private readonly registry: Registry) {
    this.queueDurations = new HistogramMetric(registry, {
      name: 'model_queue_duration_seconds',
      help: 'Time for which a request waits for its forward pass.',
      upperBounds: durationBounds(0.0001),
    }).labels();
    this.inferenceDurations = new HistogramMetric(registry, {
      name: 'model_inference_duration_seconds',
      help: 'Time of a forward pass.',
      upperBounds: durationBounds(0.00001),
    }).labels();
    this.passRows = new HistogramMetric(registry, {
      name: 'model_pass_rows',
      help: 'Rows of a forward pass.',
      upperBounds: PASS_ROWS,
    }).labels();
    this.threadRestarts = new Counter({
      name: 'inference_thread_restarts_total',
      help: 'Inference threads that ended and were replaced.',
      registers: [registry],
    });
  }

  loaded(model: { name: string; version: string; sha256: string }, loadMs: number): void {
    const registers = [this.registry];
    new Gauge({
      name: 'model_info',
      help: 'The model that is served; always 1.',
      labelNames: ['name', 'version', 'sha256'],
      aggregator: 'max',
      registers,
    }).set({ name: model.name, version: model.version, sha256: model.sha256 }, 1);
    new Gauge({
      name: 'model_load_duration_seconds',
      help: 'Time in which the model was read, proven and warmed up.',
      aggregator: 'max',
      registers,
    }).set(loadMs / 1000);
  }

  watch({ isReady, rowsWaiting, rowsInFlight, idleRowsWaiting }: ModelState): void {
    const registers = [this.registry];
    new Gauge({
      name: 'model_ready',
      help: 'Processes whose model takes requests.',
      registers,
      collect() {
        this.set(Number(isReady()));
      },
    });
    new Gauge({
      name: 'model_rows_waiting',
      help: 'Rows that wait for a forward pass.',
      registers,
      collect() {
        this.set(rowsWaiting());
      },
    });
    new Gauge({
      name: 'model_rows_in_flight',
      help: 'Rows that wait for a forward pass or are in one.',
      registers,
      collect() {
        this.set(rowsInFlight());
      },
    });
    new Gauge({
      name: 'model_idle_rows_waiting',
      help: 'Rows of explanations and of large requests that wait until no prediction does.',
      registers,
      collect() {
        this.set(idleRowsWaiting());
      },
    });
  }

  /** @param waitMs of one request */
  waited(waitMs: number): void {
    this.queueDurations.observe(waitMs / 1000);
  }

  passed(rowCount: number, passMs: number): void {
    this.inferenceDurations.observe(passMs / 1000);
    this.passRows.observe(rowCount);
  }

  threadRestarted(): void {
    this.threadRestarts.inc();
  }
}
