import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { totalCounter } from '../instruments/total-counter.js';

export interface PredictionLogState {
  readonly rows: () => number;
  readonly lostRows: () => number;
}

/** Counts the rows of the prediction log. */
@Injectable()
export class PredictionLogMetrics {
  constructor(private readonly registry: Registry) {}

  watch({ rows, lostRows }: PredictionLogState): void {
    totalCounter(this.registry, {
      name: 'prediction_log_rows_total',
      help: 'Scored rows that were to be recorded in the prediction log.',
      total: rows,
    });
    totalCounter(this.registry, {
      name: 'prediction_log_rows_lost_total',
      help: 'Of these, rows that were lost because the file could not be written.',
      total: lostRows,
    });
  }
}
