import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Compose {
  readonly services: Readonly<Record<string, { readonly volumes?: readonly string[] }>>;
}

function read(path: string): unknown {
  return parse(readFileSync(path, 'utf8'));
}

const { services } = read('docker-compose.yml') as Compose;

it('every file that a container mounts is there', () => {
  const sources = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes)
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => source.startsWith('.'));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((source) => !existsSync(source))).toEqual([]);
});

it('Prometheus scrapes the service, and Grafana asks Prometheus, by the names of their containers', () => {
  const { scrape_configs } = read('deploy/prometheus/prometheus.yml') as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const targets = scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap((config) => config.targets),
  );
  expect(targets.map((target) => target.split(':'))).toEqual([['churn-api', '8000']]);
  const { datasources } = read('deploy/grafana/provisioning/datasources/prometheus.yml') as {
    datasources: { uid: string; url: string }[];
  };
  expect(datasources).toMatchObject([{ uid: 'prometheus', url: 'http://prometheus:9090' }]);
  expect(Object.keys(services)).toEqual(expect.arrayContaining(['churn-api', 'prometheus', 'grafana']));
});
