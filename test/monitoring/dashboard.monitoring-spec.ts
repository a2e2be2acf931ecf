import { describe, expect, it, onTestFinished } from 'vitest';
import { dashboard, substitute } from '../support/dashboard.js';
import { newLogFolder } from '../support/prediction-log.js';
import { Prometheus } from '../support/prometheus.js';
import { startService } from '../support/service.js';
import { MixedTraffic } from './mixed-traffic.js';

const RANGE = '10s';

const targets = dashboard.panels.flatMap(({ title, targets: ofPanel = [] }) =>
  ofPanel.map(({ expr, legendFormat }) => ({ title, legendFormat, expression: substitute(expr, RANGE) })),
);

describe('the dashboard', () => {
  it('has a title for each panel, and a value for each variable', () => {
    const titles = dashboard.panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(targets.filter(({ expression }) => expression.includes('$'))).toEqual([]);
  });

  it('gets data for every expression from a Prometheus that scrapes the service under load', async () => {
    const service = await startService({
      WORKERS: '2',
      MAX_CONNECTIONS: '10',
      PREDICTION_LOG: 'true',
      PREDICTION_LOG_PATH: newLogFolder(),
      SHADOW_MODEL_PATH: 'models/churn_model.onnx',
    });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const prometheus = await Prometheus.start({ targets: [`127.0.0.1:${service.port}`], interval: '1s' });
    onTestFinished(() => prometheus.stop());
    // Twice as many, since two processes share them.
    const traffic = MixedTraffic.start(service, 20);

    let withoutData = targets;
    await prometheus
      .until(async () => {
        const counts = await Promise.all(
          withoutData.map(async ({ expression }) => hasData(await prometheus.query(expression))),
        );
        withoutData = withoutData.filter((_, index) => counts[index] !== true);
        return withoutData.length === 0;
      }, 60_000)
      .catch(() => undefined);
    expect(withoutData).toEqual([]);

    for (const { definition } of dashboard.templating.list) {
      const [, selector = ''] = /^label_values\((.*), \w+\)$/.exec(definition) ?? [];
      expect(hasData(await prometheus.query(substitute(selector, RANGE)))).toBe(true);
    }
    await traffic.stop();
    expect(await service.stop()).toBe(0);
  });
});

function hasData(samples: readonly { value: readonly [number, string] }[]): boolean {
  return samples.some(({ value: [, value] }) => Number.isFinite(Number(value)));
}
