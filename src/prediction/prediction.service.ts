import { Injectable } from '@nestjs/common';
import { currentRequest } from '../common/request/request-context.js';
import { ModelService } from '../model/model.service.js';
import { encodeCustomers } from './customer-features.js';
import type { BatchPredictionDto } from './dto/batch-prediction.dto.js';
import type { CustomerDto } from './dto/customer.dto.js';
import type { PredictionDto } from './dto/prediction.dto.js';
import { riskTier } from './risk-tier.js';

/** Waits outside of any request. */
const PATIENT_CALLER = { deadlineAtMs: Infinity, closed: false };

/** Scores customers. */
@Injectable()
export class PredictionService {
  constructor(private readonly model: ModelService) {}

  async predict(customer: CustomerDto): Promise<PredictionDto> {
    const [probability = NaN] = await this.probabilities([customer]);
    return this.toPrediction(probability);
  }

  /** Scores all customers in one forward pass, in their order. */
  async predictBatch(customers: readonly CustomerDto[]): Promise<BatchPredictionDto> {
    const startedAtMs = performance.now();
    const probabilities = await this.probabilities(customers);
    const latencyMs = performance.now() - startedAtMs;
    return {
      predictions: Array.from(probabilities, (probability) => this.toPrediction(probability)),
      batch_size: customers.length,
      latency_ms: round(latencyMs, 2),
    };
  }

  private probabilities(customers: readonly CustomerDto[]): Promise<Float64Array> {
    return this.model.predict(
      encodeCustomers(customers, this.model.loaded.features),
      currentRequest() ?? PATIENT_CALLER,
    );
  }

  private toPrediction(probability: number): PredictionDto {
    const { thresholds, version } = this.model.loaded;
    return {
      churn_probability: round(probability, 4),
      churn_prediction: probability >= thresholds.decision,
      risk_tier: riskTier(probability, thresholds),
      model_version: version,
    };
  }
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
