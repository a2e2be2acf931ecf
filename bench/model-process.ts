import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ApiKeys } from '../src/access/api-keys.js';
import { AppModule } from '../src/app.module.js';
import { loadSettings } from '../src/config/load-settings.js';
import { matrixOfRows } from '../src/model/feature-matrix.js';
import { ModelService } from '../src/model/model.service.js';
import { SINGLE } from './requests.js';

// A process of its own: prints what a pass of so many rows costs inside ModelService, which has proved its answers at
// the start. Arguments: how long to measure each, in milliseconds, and the numbers of rows.

const PATIENT_CALLER = { deadlineAtMs: Infinity, closed: false };
const WARM_UP_SHARE = 0.2;

const [durationMs = NaN, ...rowCounts] = process.argv.slice(2).map(Number);
const settings = loadSettings();
const registry = new Registry();
const app = await NestFactory.createApplicationContext(
  AppModule.forRoot({
    settings,
    logger: pino({ level: 'silent' }),
    apiKeys: new ApiKeys(settings),
    metrics: { registry, report: { text: () => registry.metrics() }, isServed: false },
  }),
  { logger: false },
);
const model = app.get(ModelService);
const customer = JSON.parse(SINGLE.body) as Record<string, number>;
const row = model.loaded.features.map((feature) => customer[feature] ?? NaN);

async function microsecondsPerPass(rowCount: number, forMs: number): Promise<number> {
  const matrix = matrixOfRows(Array<number[]>(rowCount).fill(row), row.length);
  const startedAtMs = performance.now();
  let passCount = 0;
  do {
    await model.predict(matrix, PATIENT_CALLER);
    passCount++;
  } while (performance.now() - startedAtMs < forMs);
  return ((performance.now() - startedAtMs) * 1000) / passCount;
}

const results: number[] = [];
for (const rowCount of rowCounts) {
  await microsecondsPerPass(rowCount, durationMs * WARM_UP_SHARE);
  results.push(await microsecondsPerPass(rowCount, durationMs));
}
console.log(JSON.stringify(results));
await app.close();
