import { Inject, Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { Customer } from '../bundle/feature.js';
import type { CallContext } from '../model/call-context.js';
import { tableOf } from '../model/feature-table.js';
import { InvalidProbabilityError, ModelNotReadyError, RequestAbandonedError } from '../model/model.errors.js';
import { ModelService } from '../model/model.service.js';
import { rowsOf } from '../model/row-source.js';
import { PredictionMetrics } from '../prediction/prediction.metrics.js';
import { ScoredRowsFeed } from '../prediction/scored-rows-feed.js';
import { toPrediction } from '../prediction/to-prediction.js';
import { CUSTOMER_PIPE, type ValidationPipe } from '../prediction/validation/validation.pipe.js';
import type { FieldError } from '../http/problems/problem.exception.js';
import type { FileRow } from './file-row.js';
import type { ScoredRow } from './scored-row.js';

const NO_PROBABILITY: FieldError = {
  pointer: '',
  code: 'model_output_invalid',
  detail: 'The model gave no valid probability for this row.',
};

/** Validates and scores rows of files as single predictions are, while no prediction waits. */
@Injectable()
export class RowScorer {
  constructor(
    private readonly model: ModelService,
    @Inject(CUSTOMER_PIPE) private readonly pipe: ValidationPipe,
    private readonly metrics: PredictionMetrics,
    private readonly scoredRows: ScoredRowsFeed,
    @InjectPinoLogger(RowScorer.name) private readonly logger: PinoLogger,
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
      const probability = probabilities[next++];
      if (probability === undefined) {
        return { row, errors: { listed: [NO_PROBABILITY], count: 1 } };
      }
      const prediction = toPrediction(probability, loaded);
      this.metrics.scored(probability, prediction.risk_tier);
      return { row, prediction };
    });
  }

  /** @returns nothing in the place of a customer for whom the model fails */
  private async probabilitiesOf(
    customers: readonly Customer[],
    call: CallContext,
  ): Promise<readonly (number | undefined)[]> {
    if (customers.length === 0) {
      return [];
    }
    try {
      return [...(await this.predict(customers, call))];
    } catch (error) {
      if (error instanceof ModelNotReadyError || error instanceof RequestAbandonedError) {
        throw error;
      }
      if (customers.length === 1) {
        this.logger.debug({ err: error }, 'the model fails at a row of a file');
        return [undefined];
      }
      const middle =
        error instanceof InvalidProbabilityError ? Math.max(1, error.row) : customers.length >> 1;
      return [
        ...(await this.probabilitiesOf(customers.slice(0, middle), call)),
        ...(await this.probabilitiesOf(customers.slice(middle), call)),
      ];
    }
  }

  private async predict(customers: readonly Customer[], call: CallContext): Promise<Float64Array> {
    const table = tableOf(customers, this.model.loaded.layout);
    await this.scoredRows.caughtUp();
    const probabilities = await this.model.predictWhenIdle(rowsOf(table), call);
    this.scoredRows.show({ customers, table, probabilities });
    return probabilities;
  }
}
