import { describe, expect, it } from 'vitest';
import { APP_KEY, CRM_KEY, keyEntry } from '../support/api-keys.js';
import { handWrittenManifest, readBundledModel, writeBundle } from '../support/bundle.js';
import { freePort } from '../support/free-port.js';
import { type Environment, ServiceProcess, startUnread } from '../support/service.js';
import { SERVICE_VERSION } from '../support/service-version.js';
import { runOnTerminal } from '../support/terminal.js';

const TITLE = `  Churn model API ${SERVICE_VERSION} at `;

/** The rows of the summary by their label, as they are printed in text to a pipe. */
async function summaryWith(environment: Environment): Promise<Record<string, string>> {
  const service = ServiceProcess.spawn({ LOG_FORMAT: 'pretty', ...environment });
  await service.text(/^ {4}Callers/);
  service.signal('SIGTERM');
  expect(await service.exit()).toBe(0);
  const { noise } = service;
  expect(noise.filter((line) => line.startsWith(TITLE))).toHaveLength(1);
  expect(service.output()).not.toContain('\u001b');
  const url = noise.find((line) => line.startsWith(TITLE))?.slice(TITLE.length) ?? '';
  const rows = noise.flatMap((line) => Array.from(line.matchAll(/^ {4}([A-Z]\w+) +(.*)$/g)));
  return Object.fromEntries(rows.map(([, label = '', text = '']) => [label, text.replace(url, 'URL')]));
}

describe('the start on a terminal', () => {
  it.each([
    ['1', 'one process, forward passes on the event loop'],
    ['2', '2 workers, forward passes on the event loop'],
  ])('ends in one summary, and fits the terminal: WORKERS=%s', async (WORKERS, processes) => {
    const { exitCode, lines } = await runOnTerminal({ WORKERS }, /Callers.*\r\n\r\n/);
    expect(exitCode).toBe(0);
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);

    const summary = lines.slice(lines.findIndex((line) => line.startsWith(TITLE)));
    const url = summary[0]?.slice(TITLE.length) ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(summary.slice(1, 9)).toEqual([
      '',
      expect.stringMatching(
        /^ {4}Model {4}churn_model 1\.0\.0, proven on 96 golden rows \(worst difference \de-\d+\)$/,
      ),
      `    Docs     ${url}/docs`,
      `    Health   ${url}/health`,
      `    Metrics  ${url}/metrics`,
      `    Process  ${processes}`,
      '    Callers  anyone, since no API keys are set; no rate limit',
      '',
    ]);
    expect(summary.slice(1)).not.toContainEqual(expect.stringMatching(/Churn model API|listening|are ready/));
  });

  it('gives the reason in lines that fit the terminal if it fails', async () => {
    const { exitCode, lines } = await runOnTerminal({ MODEL_PATH: '/nowhere/model.onnx' }, /never/);
    expect(exitCode).toBe(1);
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toContain(
      'To mend it: set MODEL_PATH to the file, relative to the working directory or absolute.',
    );
    expect(lines).not.toContainEqual(expect.stringContaining(TITLE));
  });
});

describe('the summary', () => {
  it('says who may do what, and shows no key', async () => {
    const API_KEYS = `${keyEntry('crm', CRM_KEY)},${keyEntry('app', APP_KEY)}`;
    const summary = await summaryWith({
      API_KEYS,
      DOCS_ACCESS: 'key',
      METRICS_ACCESS: 'off',
      RATE_LIMIT_REQUESTS: '600',
      INFERENCE_THREADS: '1',
      WORKERS: '2',
    });
    expect(summary).toMatchObject({
      Docs: 'URL/docs (needs an API key)',
      Health: 'URL/health',
      Metrics: 'off',
      Process: '2 workers, one inference thread each',
      Callers: 'callers with an API key; 600 requests in 60 s at most',
    });
    for (const [, digest = ''] of API_KEYS.split(',').map((entry) => entry.split(':'))) {
      expect(JSON.stringify(summary)).not.toContain(digest);
    }
  });

  it('says that nothing was verified of a model without golden rows', async () => {
    const model = readBundledModel();
    const summary = await summaryWith({
      MODEL_PATH: writeBundle({ model, manifest: handWrittenManifest(model) }),
      ALLOW_UNVERIFIED_MODEL: 'true',
      INFERENCE_THREADS: '2',
    });
    expect(summary).toMatchObject({
      Model: 'model 1.0.0, not verified: it has no golden rows',
      Process: 'one process, 2 inference threads',
    });
  });

  it('is not for those who want warnings only', async () => {
    const service = await startUnread(await freePort(), { LOG_FORMAT: 'pretty', LOG_LEVEL: 'warn' }, {});
    expect(await service.stop()).toBe(0);
    expect(service.process.output()).toBe('');
  });
});
