import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { durationBounds } from './duration-bounds.js';
import { Histogram, type Series } from './histogram.js';
import { Tally } from './tally.js';

/** Stands for the route of what reached none, so that paths that somebody makes up are no labels. */
const NO_ROUTE = 'none';

export interface HttpTraffic {
  readonly problemCodes: readonly string[];
  /** Asked at each scrape, as is the next. */
  readonly requestsInFlight: () => number;
  readonly connections: () => number;
}

/** Counts requests and times their answers. */
@Injectable()
export class HttpMetrics {
  private readonly durations: Histogram;
  private problems: Tally | undefined;
  /** By method, route and status; to look a series up by its labels would take longer. */
  private readonly series = new Map<string, Series>();

  constructor(private readonly registry: Registry) {
    this.durations = new Histogram(registry, {
      name: 'http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      upperBounds: durationBounds(0.0005),
    });
  }

  watch({ problemCodes, requestsInFlight, connections }: HttpTraffic): void {
    this.problems = new Tally(this.registry, {
      name: 'http_problems_total',
      help: 'Requests that ended in a problem, by its code.',
      label: 'code',
      values: problemCodes,
    });
    const registers = [this.registry];
    new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests that are not answered yet.',
      registers,
      collect() {
        this.set(requestsInFlight());
      },
    });
    new Gauge({
      name: 'http_connections',
      help: 'Open connections.',
      registers,
      collect() {
        this.set(connections());
      },
    });
  }

  /** @param status 499 if the client left before the answer */
  answered(method: string, route: string = NO_ROUTE, status: number, durationMs: number): void {
    const key = `${method} ${route} ${status}`;
    let series = this.series.get(key);
    if (series === undefined) {
      series = this.durations.labels({ method, route, status: String(status) });
      this.series.set(key, series);
    }
    series.observe(durationMs / 1000);
  }

  problem(code: string): void {
    this.problems?.count(code);
  }
}
