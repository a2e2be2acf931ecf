import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'bundle/main.js');

export type Environment = Readonly<Record<string, string>>;
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

const children = new Set<ChildProcess>();

// A test that fails before it stops its service leaves no process behind.
process.once('exit', () => {
  children.forEach((child) => child.kill('SIGKILL'));
});

/** The built application as a process of its own, and what it logs. */
export class ServiceProcess {
  readonly lines: LogLine[] = [];
  /** What it printed that is not a log line. */
  readonly noise: string[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly closed: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) {
      throw new Error('The service has no pipes.');
    }
    createInterface(stdout).on('line', (line) => {
      if (line.startsWith('{')) {
        this.lines.push(JSON.parse(line) as LogLine);
      } else {
        this.noise.push(line);
      }
      this.waiting.forEach((look) => {
        look();
      });
    });
    createInterface(stderr).on('line', (line) => this.noise.push(line));
    this.closed = once(child, 'close').then(([code]) => code as number | null);
    children.add(child);
  }

  /** Starts the service with these variables and none of the test run's own. */
  static spawn(environment: Environment = {}, workingDirectory = ROOT, main = MAIN): ServiceProcess {
    const { PATH = '' } = process.env;
    return new ServiceProcess(
      spawn(process.execPath, [main], {
        cwd: workingDirectory,
        env: { PATH, HOST: '127.0.0.1', PORT: '0', SHUTDOWN_DELAY_MS: '0', ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** The first log line, past or future, that fits. Fails if the process ends without it. */
  async line(fits: (line: LogLine) => boolean): Promise<LogLine> {
    return this.seen(() => this.lines.find(fits));
  }

  /** As `line`, for what is printed as text. */
  async text(pattern: RegExp): Promise<string> {
    return this.seen(() => this.noise.find((text) => pattern.test(text)));
  }

  /** Resolves when as many log lines as these fit. */
  async lineCount(fits: (line: LogLine) => boolean, count: number): Promise<void> {
    await this.seen(() => (this.lines.filter(fits).length >= count ? true : undefined));
  }

  private async seen<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found !== undefined) {
          this.waiting.delete(look);
          resolve(found);
        }
      };
      this.waiting.add(look);
      look();
      void this.closed.then((code) => {
        reject(new Error(`The service ended (${code ?? 'by a signal'}): ${this.output()}`));
      });
    });
  }

  /** The one log line of a request. */
  async requestLine(requestId: string): Promise<LogLine> {
    return this.line(({ request_id, msg }) => request_id === requestId && msg === 'request completed');
  }

  /** Stops and resumes reading what it logs, as a collector that stalls. */
  stallOutput(isStalled: boolean): void {
    if (isStalled) {
      this.child.stdout?.pause();
    } else {
      this.child.stdout?.resume();
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The exit code, once the process has ended and all its output is read; null if a signal ended it. */
  async exit(): Promise<number | null> {
    return this.closed;
  }

  output(): string {
    return [...this.lines.map((line) => JSON.stringify(line)), ...this.noise].join('\n');
  }
}

/** A service that listens. */
export interface Service {
  readonly process: ServiceProcess;
  readonly url: string;
  readonly port: number;
  /** Sends SIGTERM and awaits the exit code. */
  stop(): Promise<number | null>;
}

export async function startService(
  environment: Environment = {},
  workingDirectory?: string,
  main?: string,
): Promise<Service> {
  const process = ServiceProcess.spawn(environment, workingDirectory, main);
  const { url } = (await process.line(({ msg }) => msg === 'listening')) as { url?: string };
  if (url === undefined) {
    throw new Error(`The service did not say where it listens: ${process.output()}`);
  }
  return {
    process,
    url,
    port: Number(new URL(url).port),
    stop: () => {
      process.signal('SIGTERM');
      return process.exit();
    },
  };
}
