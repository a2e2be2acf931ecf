import { Registry } from 'prom-client';
import { customerOf } from '../src/bundle/feature.js';
import { type ModelBundle, readModelBundle } from '../src/bundle/model-bundle.js';
import { HttpMetrics } from '../src/http/http.metrics.js';
import { loadCandidate } from '../src/model/candidate-model.js';
import { layoutOf, repeatRows, tableOf } from '../src/model/feature-table.js';
import { goldenTableOf } from '../src/model/golden-rows.js';
import { missingManifest } from '../src/model/missing-manifest.js';
import { ModelMetrics } from '../src/model/model.metrics.js';
import { BinCounter } from '../src/monitoring/bin-counter.js';
import { driftBinsOf } from '../src/monitoring/bins/drift-bins.js';
import { PredictionMetrics } from '../src/prediction/prediction.metrics.js';
import { RISK_TIERS } from '../src/prediction/risk-tier.js';

const WARM_UP_SHARE = 0.2;

/** Microseconds of a pass, one after the other, for each of these numbers of rows. */
export async function passMicroseconds(
  modelPath: string,
  rowCounts: readonly number[],
  durationMs: number,
): Promise<number[]> {
  const bundle = await readBundle(modelPath);
  const { table } = goldenTableOf(bundle.manifest, layoutOf(bundle.manifest));
  const forwardPass = await loadCandidate(bundle);
  const microseconds: number[] = [];
  for (const rowCount of rowCounts) {
    const rows = repeatRows(table, rowCount);
    microseconds.push(await repeat(() => forwardPass(rows), durationMs));
  }
  return microseconds;
}

/** Microseconds that it takes to count one request of so many rows, alone in its pass, as the service does it. */
export async function metricsMicroseconds(rowCount: number, durationMs: number): Promise<number> {
  const registry = new Registry();
  const http = new HttpMetrics(registry);
  const model = new ModelMetrics(registry);
  const predictions = new PredictionMetrics(registry);
  predictions.register(RISK_TIERS, undefined);
  return repeat(() => {
    const startedAtMs = performance.now();
    predictions.encoded(performance.now() - startedAtMs);
    model.waited(Math.random());
    model.passed(rowCount, Math.random());
    predictions.predicted(performance.now() - startedAtMs);
    for (let row = 0; row < rowCount; row++) {
      predictions.scored(Math.random(), RISK_TIERS[row % RISK_TIERS.length] ?? '');
    }
    http.answered('POST', '/predict', 200, Math.random());
  }, durationMs);
}

/** Microseconds that it takes to count one request of so many rows in the bins of drift. */
export async function driftMicroseconds(
  modelPath: string,
  rowCount: number,
  durationMs: number,
): Promise<number> {
  const { manifest, contract } = await readBundle(modelPath);
  const layout = layoutOf(manifest);
  const counter = new BinCounter(driftBinsOf(manifest, contract), layout);
  const { features = [], rows = [], probabilities = [] } = manifest.golden_rows ?? {};
  // As from as many requests, so that the processor does not learn one by heart.
  const requests = rows.map((_, start) => {
    const picked = Array.from({ length: rowCount }, (__, row) => (start + row) % rows.length);
    return {
      table: tableOf(
        picked.map((row) => customerOf(features, rows[row] ?? [])),
        layout,
      ),
      probabilities: Float64Array.from(picked, (row) => probabilities[row] ?? NaN),
    };
  });
  return (
    (await repeat(() => {
      for (const request of requests) {
        counter.count(request.table, request.probabilities);
      }
    }, durationMs)) / requests.length
  );
}

export async function readBundle(modelPath: string): Promise<ModelBundle> {
  return readModelBundle(modelPath, { allowUnverified: true, missingManifest });
}

/** @returns microseconds of each time, once the code is compiled */
async function repeat(work: () => unknown, durationMs: number): Promise<number> {
  let microseconds = NaN;
  for (const forMs of [durationMs * WARM_UP_SHARE, durationMs]) {
    const startedAtMs = performance.now();
    let count = 0;
    let tookMs = 0;
    while (tookMs < forMs) {
      const result = work();
      if (result instanceof Promise) {
        await result;
      }
      count++;
      tookMs = performance.now() - startedAtMs;
    }
    microseconds = (tookMs * 1000) / count;
  }
  return microseconds;
}
