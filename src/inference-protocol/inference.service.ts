import { Inject, Injectable } from '@nestjs/common';
import type { Customer } from '../bundle/feature.js';
import type { FeatureColumns } from '../bundle/feature-columns.js';
import { Settings } from '../config/settings.js';
import { MAX_EXPLAINED_CUSTOMERS } from '../explanation/dto/explanation.dto.js';
import { ExplanationService } from '../explanation/explanation.service.js';
import { annotateRequestLog, currentRequest } from '../http/requests/request-context.js';
import { PATIENT_CALLER } from '../model/call-context.js';
import { type FeatureTable, sliceRows, tableOfColumns, viewRows } from '../model/feature-table.js';
import { freeBytes } from '../model/free-bytes.js';
import { ModelService } from '../model/model.service.js';
import { MAX_BATCH_CUSTOMERS } from '../prediction/dto/customer-batch.dto.js';
import { PredictionMetrics } from '../prediction/prediction.metrics.js';
import { riskTierCodes } from '../prediction/risk-tier.js';
import { ScoredTable } from '../prediction/scored-table.js';
import { ScoredRowsFeed } from '../prediction/scored-rows-feed.js';
import { CUSTOMER_PIPE, ValidationPipe } from '../prediction/validation/validation.pipe.js';
import { columnsOf } from './feature-tensors.js';
import { invalidRequest } from './invalid-request.js';
import { isReason, outputTensor, requestedOutputs, type RowReasons, type Scores } from './output-tensors.js';
import { refuseInvalidRows } from './refused-rows.js';
import { outputsOf } from './served-tensors.js';
import type { InputTensor, OutputTensor } from './tensor.js';

/** Answers tensors with tensors. It knows no transport. */
@Injectable()
export class InferenceService {
  constructor(
    private readonly model: ModelService,
    private readonly settings: Settings,
    private readonly metrics: PredictionMetrics,
    private readonly scoredRows: ScoredRowsFeed,
    private readonly explanations: ExplanationService,
    @Inject(CUSTOMER_PIPE) private readonly customerPipe: ValidationPipe,
  ) {}

  /**
   * @param asked names of outputs; none stands for the usual ones
   * @throws {ProblemException} that says which tensor, row or output is wrong
   * @throws as the model does
   */
  async infer(inputs: readonly InputTensor[], asked: readonly string[]): Promise<OutputTensor[]> {
    const startedAtMs = performance.now();
    const { contract, version } = this.model.loaded;
    const outputs = requestedOutputs(asked, outputsOf(contract));
    this.requireRowCount(inputs[0]?.shape[0], outputs.some(isReason));
    const columns = columnsOf(inputs, contract.features);
    refuseInvalidRows(contract.features, columns, this.customerPipe);
    currentRequest()?.trace?.record('validation', startedAtMs, performance.now());
    annotateRequestLog({ batch_size: columns.rowCount, model_version: version });
    const scored = await this.score(this.tableOf(columns, inputs), columns.texts);
    const scores = this.scoresOf(scored);
    const reasons = outputs.some(isReason) ? await this.explain(scored.customers) : undefined;
    return outputs.map((name) => outputTensor(name, scores, reasons));
  }

  private requireRowCount(rowCount: number | undefined, isExplained: boolean): void {
    const { maxInferRows } = this.settings;
    if (rowCount === undefined) {
      return;
    }
    if (rowCount === 0) {
      throw invalidRequest('The inputs have no rows; send at least one.');
    }
    if (rowCount > maxInferRows) {
      throw invalidRequest(
        `The inputs have ${rowCount} rows; send ${maxInferRows} at most in one request (MAX_INFER_ROWS).`,
      );
    }
    if (isExplained && rowCount > MAX_EXPLAINED_CUSTOMERS) {
      throw invalidRequest(
        `The inputs have ${rowCount} rows; contributions and base_probability are answered for ${MAX_EXPLAINED_CUSTOMERS} at most.`,
      );
    }
  }

  /** The memory of many values is given back at once: garbage of this kind would have the whole heap collected. */
  private tableOf(columns: FeatureColumns, inputs: readonly InputTensor[]): FeatureTable {
    const startedAtMs = performance.now();
    const table = tableOfColumns(columns, this.model.loaded.layout);
    const read = new Set([...inputs.map(({ values }) => values), ...columns.numbers.values()]);
    for (const values of read) {
      if (values instanceof Float64Array) {
        freeBytes(values);
      }
    }
    this.metrics.encoded(performance.now() - startedAtMs);
    return table;
  }

  private async score(table: FeatureTable, texts: FeatureColumns['texts']): Promise<ScoredTable> {
    const { contract, layout } = this.model.loaded;
    const startedAtMs = performance.now();
    const probabilities = await this.predict(table);
    this.metrics.predicted(performance.now() - startedAtMs);
    const scored = new ScoredTable(contract.features, layout, texts, table, probabilities);
    this.scoredRows.show(scored);
    if (table.rowCount > MAX_BATCH_CUSTOMERS && !this.scoredRows.areRowsKept) {
      freeBytes(table.numbers);
    }
    return scored;
  }

  private scoresOf({ probabilities }: ScoredTable): Scores {
    const { thresholds } = this.model.loaded;
    const riskTiers = riskTierCodes(probabilities, thresholds);
    this.metrics.scoredAll(probabilities, riskTiers);
    return { probabilities, riskTiers, thresholds };
  }

  /** As many rows as a batch has share a pass with other requests. More go in slices, between which predictions get through. */
  private async predict(table: FeatureTable): Promise<Float64Array> {
    const call = currentRequest() ?? PATIENT_CALLER;
    const { rowCount } = table;
    if (rowCount <= MAX_BATCH_CUSTOMERS) {
      return this.model.predict(table, call);
    }
    const startedAtMs = performance.now();
    // What is sent to a thread is cloned, and of a view all that it is a view of.
    const partOf = this.model.loaded.plan.threadCount === 0 ? viewRows : sliceRows;
    const rows = (start: number, end: number): FeatureTable => partOf(table, start, end);
    const probabilities = await this.model.predictWhenIdle({ rowCount, rows }, call);
    call.trace?.record('inference', startedAtMs, performance.now(), { request_rows: rowCount });
    return probabilities;
  }

  private async explain(customers: readonly Customer[]): Promise<RowReasons> {
    const { features } = this.model.loaded.contract;
    const { explanations } = await this.explanations.explain(customers, undefined);
    const contributions = explanations.flatMap((explanation) => {
      const byName = new Map(explanation.contributions.map((each) => [each.feature, each.contribution]));
      return features.map(({ name }) => byName.get(name) ?? NaN);
    });
    return {
      contributions: Float64Array.from(contributions),
      featureCount: features.length,
      baseProbability: explanations[0]?.base_probability ?? NaN,
    };
  }
}
