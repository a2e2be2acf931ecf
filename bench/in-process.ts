import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { customerOf } from '../src/bundle/feature.js';
import { readModelBundle } from '../src/bundle/model-bundle.js';
import { ConfigModule } from '../src/config/config.module.js';
import { parseSettings } from '../src/config/load-settings.js';
import { HttpMetrics } from '../src/http/http.metrics.js';
import { LogModule } from '../src/log/log.module.js';
import { MetricsModule } from '../src/metrics/metrics.module.js';
import { PATIENT_CALLER } from '../src/model/call-context.js';
import { layoutOf, tableOf } from '../src/model/feature-table.js';
import { missingManifest } from '../src/model/missing-manifest.js';
import { ModelMetrics } from '../src/model/model.metrics.js';
import { ModelModule } from '../src/model/model.module.js';
import { ModelService } from '../src/model/model.service.js';
import { BinCounter } from '../src/monitoring/bin-counter.js';
import { driftBinsOf } from '../src/monitoring/bins/drift-bins.js';
import { PredictionMetrics } from '../src/prediction/prediction.metrics.js';
import { SINGLE } from './requests.js';

const RISK_TIERS = ['LOW', 'MEDIUM', 'HIGH'];
const WARM_UP_SHARE = 0.2;

@Module({})
class ModelOnly {}

/** Microseconds of a pass inside ModelService, without HTTP, for each of these numbers of rows. */
export async function passMicroseconds(
  rowCounts: readonly number[],
  durationMs: number,
  environment: Readonly<Record<string, string>>,
): Promise<number[]> {
  const registry = new Registry();
  const settings = parseSettings(environment);
  const bundle = await readModelBundle(settings.modelPath, {
    allowUnverified: settings.allowUnverifiedModel,
    missingManifest,
  });
  const imports = [
    ConfigModule.forRoot(settings),
    LogModule.forRoot(pino({ level: 'silent' })),
    MetricsModule.forRoot({ registry, report: { text: () => registry.metrics() }, isServed: false }),
    ModelModule.forBundle(bundle),
  ];
  const app = await NestFactory.createApplicationContext({ module: ModelOnly, imports }, { logger: false });
  const model = app.get(ModelService);
  const customer = JSON.parse(SINGLE.body) as Record<string, number>;
  const microseconds: number[] = [];
  for (const rowCount of rowCounts) {
    const table = tableOf(Array<typeof customer>(rowCount).fill(customer), model.loaded.layout);
    microseconds.push(await repeat(() => model.predict(table, PATIENT_CALLER), durationMs));
  }
  await app.close();
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
  rowCount: number,
  durationMs: number,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const { modelPath } = parseSettings(environment);
  const { manifest, contract } = await readModelBundle(modelPath, {
    allowUnverified: false,
    missingManifest,
  });
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
