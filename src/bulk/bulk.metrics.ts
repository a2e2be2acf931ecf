import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { LabelCounter } from '../instruments/label-counter.js';
import type { BulkOutcome } from './bulk-stream.js';
import { EARLY_ENDS } from './scored-row.js';

/** Counts the streams of files and their rows. */
@Injectable()
export class BulkMetrics {
  private readonly streams: LabelCounter;
  private readonly rows: LabelCounter;
  private inFlight = 0;

  constructor(registry: Registry) {
    this.streams = new LabelCounter(registry, {
      name: 'bulk_streams_total',
      help: 'Files whose answer has ended, by whether it is complete or what ended it early.',
      label: 'outcome',
      values: ['complete', ...EARLY_ENDS],
    });
    this.rows = new LabelCounter(registry, {
      name: 'bulk_rows_total',
      help: 'Rows of files that were answered, with a score or with what is wrong with them.',
      label: 'result',
      values: ['scored', 'error'],
    });
    const inFlight = (): number => this.inFlight;
    new Gauge({
      name: 'bulk_streams_in_flight',
      help: 'Files that are being read and answered.',
      registers: [registry],
      collect() {
        this.set(inFlight());
      },
    });
  }

  began(): void {
    this.inFlight++;
  }

  ended(): void {
    this.inFlight--;
  }

  outcome(outcome: BulkOutcome): void {
    this.streams.count(outcome);
  }

  answered(rowCount: number, errorCount: number): void {
    this.rows.count('scored', rowCount - errorCount);
    this.rows.count('error', errorCount);
  }
}
