import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Customer } from '../bundle/feature.js';
import { JsonText } from '../http/json-text.js';
import { annotateRequestLog, currentRequest } from '../http/requests/request-context.js';
import { PATIENT_CALLER } from '../model/call-context.js';
import { type FeatureTable, tableOf } from '../model/feature-table.js';
import { ModelService } from '../model/model.service.js';
import { batchAnswer } from './batch-answer.js';
import { AcceptedBatch } from './validation/batch-reader.js';
import type { CustomerBatch } from './dto/customer-batch.dto.js';
import type { Prediction } from './dto/prediction.dto.js';
import { PredictionMetrics } from './prediction.metrics.js';
import { RISK_TIERS, riskTierCodes } from './risk-tier.js';
import { ScoredRowsFeed } from './scored-rows-feed.js';
import { ScoredTable } from './scored-table.js';
import { toPrediction } from './to-prediction.js';

/** Scores customers. */
@Injectable()
export class PredictionService implements OnApplicationBootstrap {
  constructor(
    private readonly model: ModelService,
    private readonly metrics: PredictionMetrics,
    private readonly scoredRows: ScoredRowsFeed,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.register(RISK_TIERS, this.model.loaded.manifest.reference?.probability_histogram);
  }

  async predict(customer: Customer): Promise<Prediction> {
    const { probabilities } = await this.score({ customers: [customer] });
    const [probability = NaN] = probabilities;
    const prediction = toPrediction(probability, this.model.loaded);
    this.metrics.scored(probability, prediction.risk_tier);
    return prediction;
  }

  /** Scores all customers in one forward pass. @returns a BatchPrediction, in their order */
  async predictBatch(batch: CustomerBatch | AcceptedBatch): Promise<JsonText> {
    const { probabilities, latencyMs } = await this.score(batch);
    const riskTiers = riskTierCodes(probabilities, this.model.loaded.thresholds);
    this.metrics.scoredAll(probabilities, riskTiers);
    return new JsonText(batchAnswer({ probabilities, riskTiers, latencyMs }, this.model.loaded));
  }

  private async score(
    batch: CustomerBatch | AcceptedBatch,
  ): Promise<{ probabilities: Float64Array; latencyMs: number }> {
    const startedAtMs = performance.now();
    const table = batch instanceof AcceptedBatch ? batch.table : this.tableOf(batch.customers);
    const probabilities = await this.model.predict(table, currentRequest() ?? PATIENT_CALLER);
    const latencyMs = performance.now() - startedAtMs;
    this.metrics.predicted(latencyMs);
    annotateRequestLog({ batch_size: table.rowCount, model_version: this.model.loaded.version });
    this.scoredRows.show(
      batch instanceof AcceptedBatch
        ? this.scoredTable(table, probabilities)
        : { customers: batch.customers, table, probabilities },
    );
    return { probabilities, latencyMs };
  }

  private tableOf(customers: readonly Customer[]): FeatureTable {
    const startedAtMs = performance.now();
    const table = tableOf(customers, this.model.loaded.layout);
    this.metrics.encoded(performance.now() - startedAtMs);
    return table;
  }

  private scoredTable(table: FeatureTable, probabilities: Float64Array): ScoredTable {
    const { contract, layout } = this.model.loaded;
    return new ScoredTable(contract.features, layout, new Map(), table, probabilities);
  }
}
