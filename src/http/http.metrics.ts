import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { durationBounds } from '../instruments/duration-bounds.js';
import { HistogramMetric, type Series } from '../instruments/histogram-metric.js';
import { type ProblemCode, PROBLEMS } from './problems/problem-catalogue.js';
import { LabelCounter } from '../instruments/label-counter.js';

/** The route label of requests that reach no route, since anyone can make up paths. */
const NO_ROUTE = 'none';

/** Counts requests and times their answers. */
@Injectable()
export class HttpMetrics {
  private readonly durations: HistogramMetric;
  private readonly problems: LabelCounter;
  /** By method, route and status; to look a series up by its labels would take longer. */
  private readonly series = new Map<string, Series>();

  constructor(registry: Registry) {
    this.durations = new HistogramMetric(registry, {
      name: 'http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      upperBounds: durationBounds(0.0005),
    });
    this.problems = new LabelCounter(registry, {
      name: 'http_problems_total',
      help: 'Requests that ended in a problem, by its code.',
      label: 'code',
      values: Object.keys(PROBLEMS),
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

  problem(code: ProblemCode): void {
    this.problems.count(code);
  }
}
