import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';

const CONFIGURATION = 'deploy/prometheus';
const POLL_MS = 100;

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Time in seconds, and the value as text. */
  readonly value: readonly [number, string];
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  /** Time of the first evaluation at which it held, in ISO 8601. */
  readonly activeAt: string;
}

export interface PrometheusOptions {
  /** Hosts and ports to scrape, in place of the one that is configured. */
  readonly targets: readonly string[];
  /** How often it scrapes and evaluates its rules. */
  readonly interval: string;
}

/**
 * A real Prometheus with the configuration of deploy/prometheus. It scrapes other targets, and more often, and its alerts
 * fire without delay.
 */
export class Prometheus {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly directory: string,
  ) {}

  static async start({ targets, interval }: PrometheusOptions): Promise<Prometheus> {
    const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
    cpSync(CONFIGURATION, directory, { recursive: true });
    edit(join(directory, 'prometheus.yml'), (text) =>
      text.replaceAll('15s', interval).replace('churn-api:8000', targets.join('\n          - ')),
    );
    for (const file of readdirSync(join(directory, 'rules'))) {
      edit(join(directory, 'rules', file), (text) =>
        text.replace(/^ +for: .*\n/gm, '').replace(/^( +interval: ).*$/gm, `$1${interval}`),
      );
    }
    const port = await freePort();
    const server = spawn(
      'prometheus',
      [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await once(server, 'spawn');
    process.once('exit', () => server.kill('SIGKILL'));
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, server, directory);
    await prometheus.until(() => fetch(`${prometheus.url}/-/ready`).then(({ ok }) => ok));
    return prometheus;
  }

  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.get<{ result: Sample[] }>('query', { query: expression });
    return result;
  }

  /** The samples of the last five minutes, with the times of their scrapes or evaluations. @param selector of series */
  async samples(selector: string): Promise<Series[]> {
    return (await this.get<{ result: Series[] }>('query', { query: `${selector}[5m]` })).result;
  }

  async alerts(): Promise<Alert[]> {
    return (await this.get<{ alerts: Alert[] }>('alerts')).alerts;
  }

  async targets(): Promise<{ health: string; lastError: string }[]> {
    return (await this.get<{ activeTargets: { health: string; lastError: string }[] }>('targets'))
      .activeTargets;
  }

  async rules(): Promise<{ name: string; health: string; lastError?: string }[]> {
    const { groups } = await this.get<{
      groups: { rules: { name: string; health: string; lastError?: string }[] }[];
    }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  /** Resolves when it holds. @throws {Error} if it does not in time */
  async until(holds: () => Promise<boolean>, longestMs = 120_000): Promise<void> {
    const giveUpAtMs = performance.now() + longestMs;
    while (!(await holds().catch(() => false))) {
      if (performance.now() > giveUpAtMs) {
        throw new Error(`Prometheus did not show the expected data within ${longestMs} ms.`);
      }
      await delay(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    this.server.kill('SIGKILL');
    if (this.server.exitCode === null && this.server.signalCode === null) {
      await once(this.server, 'exit');
    }
    rmSync(this.directory, { recursive: true });
  }

  private async get<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const search = new URLSearchParams(parameters).toString();
    const response = await fetch(`${this.url}/api/v1/${path}?${search}`);
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') {
      throw new Error(`Prometheus refuses ${search || path}: ${error ?? status}`);
    }
    return data;
  }
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
