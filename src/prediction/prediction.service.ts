import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { currentRequest } from '../http/requests/request-context.js';
import { PredictionMetrics } from './prediction.metrics.js';
import { ModelService } from '../model/model.service.js';
import { encodeCustomers } from './customer-features.js';
import type { BatchPredictionDto } from './dto/batch-prediction.dto.js';
import type { CustomerDto } from './dto/customer.dto.js';
import type { PredictionDto } from './dto/prediction.dto.js';
import { RISK_TIERS, riskTier } from './risk-tier.js';

/** Waits outside of any request. */
const PATIENT_CALLER = { deadlineAtMs: Infinity, closed: false };

/** Scores customers. */
@Injectable()
export class PredictionService implements OnApplicationBootstrap {
  constructor(
    private readonly model: ModelService,
    private readonly metrics: PredictionMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.register(RISK_TIERS, this.model.loaded.manifest?.reference.probability_histogram);
  }

  async predict(customer: CustomerDto): Promise<PredictionDto> {
    const { probabilities } = await this.score([customer]);
    return this.toPrediction(probabilities[0] ?? NaN);
  }

  /** Scores all customers in one forward pass, in their order. */
  async predictBatch(customers: readonly CustomerDto[]): Promise<BatchPredictionDto> {
    const { probabilities, latencyMs } = await this.score(customers);
    return {
      predictions: Array.from(probabilities, (probability) => this.toPrediction(probability)),
      batch_size: customers.length,
      latency_ms: round(latencyMs, 2),
    };
  }

  private async score(
    customers: readonly CustomerDto[],
  ): Promise<{ probabilities: Float64Array; latencyMs: number }> {
    const startedAtMs = performance.now();
    const rows = encodeCustomers(customers, this.model.loaded.features);
    this.metrics.encoded(performance.now() - startedAtMs);
    const probabilities = await this.model.predict(rows, currentRequest() ?? PATIENT_CALLER);
    const latencyMs = performance.now() - startedAtMs;
    this.metrics.predicted(latencyMs);
    return { probabilities, latencyMs };
  }

  private toPrediction(probability: number): PredictionDto {
    const { thresholds, version } = this.model.loaded;
    const tier = riskTier(probability, thresholds);
    this.metrics.scored(probability, tier);
    return {
      churn_probability: round(probability, 4),
      churn_prediction: probability >= thresholds.decision,
      risk_tier: tier,
      model_version: version,
    };
  }
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
