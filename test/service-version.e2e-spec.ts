import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { request } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { startService } from './support/service.js';

it('the version of the package.json beside the bundle is the only one that is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'churn-version-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  cpSync('bundle', join(folder, 'bundle'), { recursive: true });
  for (const name of ['node_modules', 'public', 'models']) {
    symlinkSync(resolve(name), join(folder, name));
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', version: '9.8.7' }));

  const service = await startService({}, folder, { main: join(folder, 'bundle/main.js') });
  const listening = await service.process.line(({ msg }) => msg === 'listening');
  const { body: model } = await request(`${service.url}/model`);
  const { body: document } = await request(`${service.url}/docs-json`);
  const [build] = (await Scrape.of(service.url)).samples('build_info');
  expect({
    listening: listening['service_version'],
    model: model['service_version'],
    document: (document['info'] as { version: string }).version,
    metrics: build?.labels['version'],
  }).toEqual({ listening: '9.8.7', model: '9.8.7', document: '9.8.7', metrics: '9.8.7' });
  expect(model['version']).toBe('1.0.0');
  await service.stop();
});
