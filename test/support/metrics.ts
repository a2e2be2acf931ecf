import { expect } from 'vitest';
import { SERVICE_VERSION } from './service-version.js';

/** What the metric of this name says of the service under test. */
export const BUILD_INFO = {
  labels: { version: SERVICE_VERSION, node_version: process.versions.node },
  value: 1,
};

/** One scrape, by which samples can be looked up. */
export class Scrape {
  private constructor(readonly text: string) {}

  static async of(url: string, headers: Record<string, string> = {}): Promise<Scrape> {
    // Each on a connection of its own, as of several scrapers.
    const response = await fetch(`${url}/metrics`, { headers: { Connection: 'close', ...headers } });
    expect(response.status).toBe(200);
    return new Scrape(await response.text());
  }

  /** The sum of all samples of this name that have these labels, and maybe others. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.samples(name)
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }

  samples(name: string): { labels: Record<string, string>; value: number }[] {
    return this.text
      .split('\n')
      .map((line) => /^(?<found>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups)
      .filter((groups) => groups?.['found'] === name)
      .map((groups) => ({
        labels: Object.fromEntries(
          Array.from((groups?.['labels'] ?? '').matchAll(/(\w+)="([^"]*)"/g), ([, label, value]) => [
            label,
            value,
          ]),
        ) as Record<string, string>,
        value: Number(groups?.['value']),
      }));
  }

  /** Name, type, help and names of the labels of each metric. */
  families(): { name: string; type: string; help: string; labels: string[] }[] {
    const types = new Map(
      Array.from(this.text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type = '']) => [name, type]),
    );
    return Array.from(this.text.matchAll(/^# HELP (\S+) (.*)$/gm), ([, name = '', help = '']) => {
      const type = types.get(name) ?? '';
      const samples = type === 'histogram' ? this.samples(`${name}_count`) : this.samples(name);
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      return { name, type, help, labels: [...labels] };
    });
  }
}
