import { PinoLogger } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PredictionMetrics } from './prediction.metrics.js';
import { DEFAULT_THRESHOLDS } from '../bundle/manifest.js';
import type { LoadedModel } from '../model/model-loader.js';
import type { ModelService } from '../model/model.service.js';
import { PredictionService } from './prediction.service.js';
import { ScoredRowsFeed } from './scored-rows-feed.js';

const CUSTOMER = {
  tenure_months: 6,
  monthly_charges: 79.99,
  total_charges: 479.94,
  num_products: 1,
  has_support_calls: 1,
};

/** A service whose model gives exactly this probability, which no graph could be made to give. */
function serviceWith(probability: number, thresholds = DEFAULT_THRESHOLDS): PredictionService {
  const loaded: Pick<LoadedModel, 'version' | 'layout' | 'thresholds'> = {
    version: '2.0.0',
    layout: { numbers: Object.keys(CUSTOMER).map((name) => ({ name })), texts: [] },
    thresholds,
  };
  const model: Pick<ModelService, 'loaded' | 'predict'> = {
    loaded: loaded as LoadedModel,
    predict: ({ rowCount }) => Promise.resolve(new Float64Array(rowCount).fill(probability)),
  };
  return new PredictionService(
    model as ModelService,
    new PredictionMetrics(new Registry()),
    new ScoredRowsFeed(new PinoLogger({})),
  );
}

describe('PredictionService', () => {
  it('rounds the probability for the answer only: label and tier are of the unrounded one', async () => {
    expect(await serviceWith(0.699_99).predict(CUSTOMER)).toEqual({
      churn_probability: 0.7,
      churn_prediction: true,
      risk_tier: 'MEDIUM',
      model_version: '2.0.0',
    });
    expect(await serviceWith(0.499_99).predict(CUSTOMER)).toMatchObject({
      churn_probability: 0.5,
      churn_prediction: false,
    });
  });

  it('predicts churn from 0.5 on if the model states no threshold', async () => {
    expect(await serviceWith(0.5).predict(CUSTOMER)).toMatchObject({ churn_prediction: true });
  });

  it("goes by the model's own thresholds", async () => {
    const thresholds = { decision: 0.2, medium: 0.1, high: 0.3 };
    expect(await serviceWith(0.25, thresholds).predict(CUSTOMER)).toMatchObject({
      churn_prediction: true,
      risk_tier: 'MEDIUM',
    });
    expect(await serviceWith(0.3, thresholds).predict(CUSTOMER)).toMatchObject({ risk_tier: 'HIGH' });
  });
});
