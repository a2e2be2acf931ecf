import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { newLogFolder } from '../support/prediction-log.js';
import { startService } from '../support/service.js';

const ROW = /^\| `(?<name>\w+)` +\| (?<type>\w+) +\| (?<labels>[^|]*?) +\| (?<help>.*?) +\|$/gm;

it('the documented metrics are those that several workers expose when all is on', async () => {
  const service = await startService({
    WORKERS: '2',
    PREDICTION_LOG: 'true',
    PREDICTION_LOG_PATH: newLogFolder(),
    SHADOW_MODEL_PATH: 'models/churn_model.onnx',
  });
  await service.process.line(({ msg }) => msg === 'all workers are ready');
  await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
  const families = (await Scrape.of(service.url)).families();
  await service.stop();

  const documented = Array.from(readFileSync('docs/metrics.md', 'utf8').matchAll(ROW), ({ groups = {} }) => ({
    name: groups['name'],
    type: groups['type'],
    labels: Array.from((groups['labels'] ?? '').matchAll(/`(\w+)`/g), ([, label]) => label),
    help: groups['help'],
  }));
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }): number =>
    (a.name ?? '').localeCompare(b.name ?? '');
  expect(documented.sort(byName)).toEqual(families.sort(byName));
});
