import { Registry } from 'prom-client';
import { HttpMetrics } from '../src/http/http.metrics.js';
import { ModelMetrics } from '../src/model/model.metrics.js';
import { PredictionMetrics } from '../src/prediction/prediction.metrics.js';

const RISK_TIERS = ['LOW', 'MEDIUM', 'HIGH'];
const WARM_UP_SHARE = 0.2;

/** What it takes to count one request of so many rows, alone in its pass, as the service does it. In microseconds. */
export function microsecondsOfMetrics(rowCount: number, durationMs: number): number {
  const registry = new Registry();
  const http = new HttpMetrics(registry);
  const model = new ModelMetrics(registry);
  const predictions = new PredictionMetrics(registry);
  predictions.register(RISK_TIERS, undefined);

  const countOne = (): void => {
    const startedAtMs = performance.now();
    predictions.encoded(performance.now() - startedAtMs);
    model.waited(Math.random());
    model.passed(rowCount, Math.random());
    predictions.predicted(performance.now() - startedAtMs);
    for (let row = 0; row < rowCount; row++) {
      predictions.scored(Math.random(), RISK_TIERS[row % RISK_TIERS.length] ?? '');
    }
    http.answered('POST', '/predict', 200, Math.random());
  };
  repeat(countOne, durationMs * WARM_UP_SHARE);
  return repeat(countOne, durationMs);
}

/** @returns microseconds of each time */
function repeat(work: () => void, durationMs: number): number {
  const startedAtMs = performance.now();
  let count = 0;
  let tookMs = 0;
  while (tookMs < durationMs) {
    work();
    count++;
    tookMs = performance.now() - startedAtMs;
  }
  return (tookMs * 1000) / count;
}
