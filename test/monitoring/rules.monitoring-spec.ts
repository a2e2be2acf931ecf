import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { dashboard } from '../support/dashboard.js';
import { Prometheus } from '../support/prometheus.js';
import { startService } from '../support/service.js';
import { MixedTraffic } from './mixed-traffic.js';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: { readonly runbook_url: string };
}

interface UnitTest {
  readonly name: string;
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

const FOLDER = 'deploy/prometheus';
const UNIT_TESTS = readdirSync(`${FOLDER}/tests`).map((file) => `${FOLDER}/tests/${file}`);

function rulesOf(file: string): Rule[] {
  const { groups } = parse(readFileSync(`${FOLDER}/rules/${file}`, 'utf8')) as {
    groups: { rules: Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

const RULE_FILES = readdirSync(`${FOLDER}/rules`);
const rules = RULE_FILES.flatMap(rulesOf);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const recordings = rules.filter(({ record }) => record !== undefined);
const unitTests = UNIT_TESTS.flatMap(
  (file) => (parse(readFileSync(file, 'utf8')) as { tests: UnitTest[] }).tests,
);

function routesOf(expression = ''): Set<string> {
  return new Set(Array.from(expression.matchAll(/route=~?"([^"]*)"/g), ([, routes = '']) => routes));
}

/** promtool comes with Debian's package prometheus. */
async function promtool(...parameters: string[]): Promise<string> {
  return (await promisify(execFile)('promtool', parameters)).stdout;
}

describe('the rules', () => {
  it('are valid, and pass their unit tests', async () => {
    const checked = await promtool(
      'check',
      'config',
      '--lint=all',
      '--lint-fatal',
      `${FOLDER}/prometheus.yml`,
    );
    for (const file of RULE_FILES) {
      expect(checked).toContain(`rules/${file}\n  SUCCESS: ${rulesOf(file).length} rules found`);
    }
    expect(await promtool('test', 'rules', ...UNIT_TESTS)).toContain('SUCCESS');
  });

  it.each(alerts.map(({ alert = '' }) => alert))(
    '%s fires in one unit test, and is silent in another',
    (alert) => {
      const outcomes = unitTests
        .flatMap((test) => test.alert_rule_test)
        .filter(({ alertname }) => alertname === alert)
        .map((test) => test.exp_alerts.length > 0);
      expect(new Set(outcomes)).toEqual(new Set([true, false]));
    },
  );

  it.each(alerts.map(({ alert = '', annotations }) => [alert, annotations?.runbook_url ?? '']))(
    '%s has a runbook',
    (alert, url) => {
      const [page = '', anchor] = url.split('#');
      const headings = Array.from(
        readFileSync(page, 'utf8').matchAll(/^## (.*)$/gm),
        ([, heading]) => heading,
      );
      expect(headings).toContain(alert);
      expect(anchor).toBe(alert.toLowerCase());
    },
  );
});

describe('the objectives', () => {
  it.each([
    ['Predictions that fail', 'job:prediction_errors:'],
    ['Slowest of 100 predictions', 'job:slow_predictions:'],
  ])('count the routes that the dashboard shows as "%s", in every window', (title, prefix) => {
    const shown = dashboard.panels.find((panel) => panel.title === title)?.targets?.[0]?.expr;
    const counted = recordings.filter(({ record = '' }) => record.startsWith(prefix));
    expect(counted.length).toBeGreaterThan(0);
    for (const { expr } of counted) {
      expect(routesOf(expr)).toEqual(routesOf(shown));
    }
  });
});

describe('Prometheus with these rules', () => {
  it('scrapes the service, computes every rule from its metrics, and fires alerts when it is gone', async () => {
    const service = await startService({ MAX_CONNECTIONS: '10' });
    const prometheus = await Prometheus.start({ targets: [`127.0.0.1:${service.port}`], interval: '1s' });
    onTestFinished(() => prometheus.stop());
    const traffic = MixedTraffic.start(service);
    const recorded = async (): Promise<string[]> => {
      const found = await Promise.all(
        recordings.map(async ({ record = '' }) => [record, (await prometheus.query(record)).length] as const),
      );
      return found.filter(([, count]) => count === 0).map(([record]) => record);
    };
    await prometheus.until(async () => (await recorded()).length === 0);
    expect(await prometheus.targets()).toMatchObject([{ health: 'up', lastError: '' }]);
    const loaded = await prometheus.rules();
    expect(loaded).toHaveLength(rules.length);
    expect(loaded.filter(({ health }) => health !== 'ok')).toEqual([]);
    const firing = async (): Promise<string[]> =>
      (await prometheus.alerts()).map(({ labels }) => labels['alertname'] ?? '');
    await prometheus.until(async () => (await firing()).includes('RequestsRejected'));
    expect(await firing()).not.toContain('NoInstanceReady');

    await traffic.stop();
    service.process.signal('SIGKILL');
    await prometheus.until(async () => {
      const names = await firing();
      return names.includes('NoInstanceReady') && names.includes('InstanceNotReady');
    });
  });
});
