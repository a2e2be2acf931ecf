import { Inject, Injectable } from '@nestjs/common';
import type { Customer } from '../bundle/feature.js';
import type { CallContext } from '../model/call-context.js';
import { sliceRows, tableOf } from '../model/feature-table.js';
import { ModelService } from '../model/model.service.js';
import { PredictionMetrics } from '../prediction/prediction.metrics.js';
import { ScoredRowsFeed } from '../prediction/scored-rows.js';
import { toPrediction } from '../prediction/to-prediction.js';
import type { ValidationPipe } from '../prediction/validation/validation.pipe.js';
import type { FileRow } from './file-row.js';
import type { ScoredRow } from './scored-row.js';

/** Injects the check of a customer. */
export const CUSTOMER_PIPE = Symbol('CUSTOMER_PIPE');

/** Validates and scores rows of files as single predictions are, while no prediction waits. */
@Injectable()
export class RowScorer {
  constructor(
    private readonly model: ModelService,
    @Inject(CUSTOMER_PIPE) private readonly pipe: ValidationPipe,
    private readonly metrics: PredictionMetrics,
    private readonly scoredRows: ScoredRowsFeed,
  ) {}

  /** @returns one for each row, in their order */
  async score(rows: readonly FileRow[], call: CallContext): Promise<readonly ScoredRow[]> {
    const errorsOf = rows.map(({ customer, fault }) =>
      fault === undefined ? this.pipe.errorsOf(customer) : { listed: [fault], count: 1 },
    );
    const customers = rows.flatMap(({ customer }, index) =>
      errorsOf[index]?.count === 0 ? [customer as Customer] : [],
    );
    const probabilities = await this.probabilitiesOf(customers, call);
    const { loaded } = this.model;
    let next = 0;
    return rows.map((row, index) => {
      const errors = errorsOf[index];
      if (errors !== undefined && errors.count > 0) {
        return { row, errors };
      }
      const probability = probabilities[next++] ?? NaN;
      const prediction = toPrediction(probability, loaded);
      this.metrics.scored(probability, prediction.risk_tier);
      return { row, prediction };
    });
  }

  private async probabilitiesOf(customers: readonly Customer[], call: CallContext): Promise<Float64Array> {
    if (customers.length === 0) {
      return new Float64Array();
    }
    const table = tableOf(customers, this.model.loaded.layout);
    const source = {
      rowCount: table.rowCount,
      rows: (start: number, end: number) => sliceRows(table, start, end),
    };
    const probabilities = await this.model.predictWhenIdle(source, call);
    this.scoredRows.show({ customers, table, probabilities });
    return probabilities;
  }
}
