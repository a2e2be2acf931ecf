import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { readModelBundle } from '../src/bundle/model-bundle.js';
import { ConfigModule } from '../src/config/config.module.js';
import { loadSettings } from '../src/config/load-settings.js';
import { HttpMetrics } from '../src/http/http.metrics.js';
import { LogModule } from '../src/log/log.module.js';
import { MetricsModule } from '../src/metrics/metrics.module.js';
import { tableOf } from '../src/model/feature-table.js';
import { missingManifest } from '../src/model/missing-manifest.js';
import { ModelMetrics } from '../src/model/model.metrics.js';
import { ModelModule } from '../src/model/model.module.js';
import { ModelService } from '../src/model/model.service.js';
import { PredictionMetrics } from '../src/prediction/prediction.metrics.js';
import { SINGLE } from './requests.js';

// A process of its own: prints how many microseconds something takes inside the service, without HTTP. Arguments: what
// ("pass" or "metrics"), how long to measure it in milliseconds, and the numbers of rows.

const PATIENT_CALLER = { deadlineAtMs: Infinity, closed: false };
const RISK_TIERS = ['LOW', 'MEDIUM', 'HIGH'];
const WARM_UP_SHARE = 0.2;

const [what, ...numbers] = process.argv.slice(2);
const [durationMs = NaN, ...rowCounts] = numbers.map(Number);
const registry = new Registry();

const settings = loadSettings();
const bundle = await readModelBundle(settings.modelPath, {
  allowUnverified: settings.allowUnverifiedModel,
  missingManifest,
});

/** The model without HTTP. */
@Module({
  imports: [
    ConfigModule.forRoot(settings),
    LogModule.forRoot(pino({ level: 'silent' })),
    MetricsModule.forRoot({ registry, report: { text: () => registry.metrics() }, isServed: false }),
    ModelModule.forBundle(bundle),
  ],
})
class ModelOnly {}

const app = await NestFactory.createApplicationContext(ModelOnly, { logger: false });

/** One pass of so many rows in ModelService, which has proved its answers at the start. */
function pass(rowCount: number): () => Promise<unknown> {
  const model = app.get(ModelService);
  const customer = JSON.parse(SINGLE.body) as Record<string, number>;
  const table = tableOf(Array<typeof customer>(rowCount).fill(customer), model.loaded.layout);
  return () => model.predict(table, PATIENT_CALLER);
}

/** Counts one request of so many rows, alone in its pass, as the service does it. */
function metrics(rowCount: number): () => void {
  const registry = new Registry();
  const http = new HttpMetrics(registry);
  const model = new ModelMetrics(registry);
  const predictions = new PredictionMetrics(registry);
  predictions.register(RISK_TIERS, undefined);
  return () => {
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
}

/** @returns microseconds of each time */
async function repeat(work: () => unknown, forMs: number): Promise<number> {
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
  return (tookMs * 1000) / count;
}

const microseconds: number[] = [];
for (const rowCount of rowCounts) {
  const work = what === 'pass' ? pass(rowCount) : metrics(rowCount);
  await repeat(work, durationMs * WARM_UP_SHARE);
  microseconds.push(await repeat(work, durationMs));
}
console.log(JSON.stringify(microseconds));
await app.close();
