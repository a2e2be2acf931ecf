import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelManifest, StatedNumberFeature } from '../../src/bundle/manifest.js';
import { readBundledManifest, readBundledModel, writeBundle } from '../support/bundle.js';
import { driftOf, lastHour, score } from '../support/drift.js';
import { Scrape } from '../support/metrics.js';
import { type Service, startService, TAKES_BURSTS } from '../support/service.js';
import { drawCustomers, randomOf } from '../support/training-customers.js';

describe('the drift of several workers', () => {
  const CUSTOMERS = drawCustomers(readBundledManifest(), 400, randomOf(2));

  async function startTwo(environment: Record<string, string> = {}): Promise<Service> {
    const service = await startService({
      WORKERS: '2',
      KEEP_ALIVE_TIMEOUT_MS: '1000',
      ...TAKES_BURSTS,
      ...environment,
    });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    return service;
  }

  async function scraped(service: Service): Promise<number> {
    return (await Scrape.of(service.url)).sum('feature_rows_total', { feature: 'tenure_months' });
  }

  it('the counts are those of one process', async () => {
    const [one, two] = [await startService(TAKES_BURSTS), await startTwo()];
    await score(one, CUSTOMERS);
    await score(two, CUSTOMERS);
    const [expected, found] = [await lastHour(one), await lastHour(two)];
    expect(found.rows).toBe(400);
    expect(found.features).toEqual(expected.features);
    expect(found.scores).toEqual(expected.scores);
    expect(await scraped(two)).toBe(400);
    await Promise.all([one.stop(), two.stop()]);
  });

  it('a worker that is killed takes no count with it that was asked for before', async () => {
    const service = await startTwo();
    await score(service, CUSTOMERS);
    const before = await lastHour(service);
    const { pid } = await service.process.line(({ msg }) => msg === 'listening');
    process.kill(pid as number, 'SIGKILL');
    await service.process.line(({ msg }) => msg === 'the worker is replaced');
    expect((await lastHour(service)).features).toEqual(before.features);
    await score(service, CUSTOMERS);
    expect((await lastHour(service)).rows).toBe(800);
    expect(await scraped(service)).toBe(800);
    await service.stop();
  });

  it('a replaced worker hands its counts over, and other bins begin at zero', async () => {
    const model = readBundledModel();
    const manifest = readBundledManifest();
    const path = writeBundle({ model, manifest });
    const service = await startTwo({ MODEL_PATH: path });
    await score(service, CUSTOMERS);
    await replaceWorkers(service, 1);
    const first = await driftOf(service);
    expect(first.windows[0]?.rows).toBe(400);

    const references = new Set([first.reference]);
    for (let reload = 2; reload <= 4; reload++) {
      writeFileSync(path.replace('.onnx', '.manifest.json'), JSON.stringify(withOtherBins(manifest, reload)));
      await replaceWorkers(service, reload);
      const report = await driftOf(service);
      expect(report.windows[0]?.rows).toBe(0);
      references.add(report.reference);
      await score(service, CUSTOMERS.slice(0, 100));
      expect((await lastHour(service)).rows).toBe(100);
    }
    expect(references.size).toBe(4);
    // Those of the two bundles before the present one, at most.
    const samples = (await Scrape.of(service.url)).samples('feature_rows_total');
    expect(new Set(samples.map(({ labels }) => labels['reference'])).size).toBeLessThanOrEqual(3);
    await service.stop();
  });

  async function replaceWorkers(service: Service, times: number): Promise<void> {
    service.process.signal('SIGHUP');
    await service.process.lineCount(({ msg }) => msg === 'all workers are replaced', times);
    // The retired ones hand over what they counted when they end.
    await expect
      .poll(async () => (await Scrape.of(service.url)).sum('model_ready'), { timeout: 10_000 })
      .toBe(2);
  }

  function withOtherBins(manifest: ModelManifest, change: number): ModelManifest {
    const [first, ...others] = manifest.features as StatedNumberFeature[];
    const { statistics } = first as Required<StatedNumberFeature>;
    const { edges, counts } = statistics.histogram;
    const histogram = { edges: edges.with(1, 6 + change / 10), counts };
    return {
      ...manifest,
      features: [{ ...first, statistics: { ...statistics, histogram } } as StatedNumberFeature, ...others],
    };
  }
});
