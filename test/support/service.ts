import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'bundle/main.js');

export type Environment = Readonly<Record<string, string>>;
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** With which a service takes in all that comes at once, rather than refuse some on a slow machine. */
export const TAKES_BURSTS: Environment = { MAX_EVENT_LOOP_DELAY_MS: '60000' };

/** How a service is started, where it is not as usual. */
export interface Launch {
  /** A file descriptor in place of the pipe from which its log lines are read. */
  readonly stdout?: number;
  /** A shell command that sets the stage, such as `ulimit -n 64`. */
  readonly setUp?: string;
  /** Of Node.js. */
  readonly nodeOptions?: readonly string[];
  /** Another file than the built one. */
  readonly main?: string;
}

const running = new Set<ChildProcess>();

/** Each service leads a process group, so that a supervisor that is killed leaves no worker behind. */
function killAll(): void {
  for (const { pid } of running) {
    try {
      process.kill(-(pid ?? NaN), 'SIGKILL');
    } catch {
      // It has ended, or never began.
    }
  }
  running.clear();
}

// A test that fails before it stops its service leaves no process behind, nor does a run that is interrupted. Vitest ends
// its own processes by SIGTERM, after which no exit handler runs.
afterAll(killAll);
process.once('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killAll();
    process.kill(process.pid, signal);
  });
}

/** The built application as a process of its own, and what it logs. */
export class ServiceProcess {
  readonly lines: LogLine[] = [];
  /** What it printed that is not a log line. */
  readonly noise: string[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly closed: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    const { stdout, stderr } = child;
    if (stdout !== null) {
      createInterface(stdout).on('line', (line) => {
        this.read(line);
      });
    }
    if (stderr !== null) {
      createInterface(stderr).on('line', (line) => this.noise.push(line));
    }
    running.add(child);
    this.closed = once(child, 'close').then(([code]) => {
      running.delete(child);
      return code as number | null;
    });
  }

  /** Starts the service with these variables and none of the test run's own. */
  static spawn(
    environment: Environment = {},
    workingDirectory = ROOT,
    { stdout, setUp = 'true', nodeOptions = [], main = MAIN }: Launch = {},
  ): ServiceProcess {
    const { PATH = '' } = process.env;
    return new ServiceProcess(
      spawn('sh', ['-c', `${setUp} && exec "$0" "$@"`, process.execPath, ...nodeOptions, main], {
        cwd: workingDirectory,
        env: { PATH, HOST: '127.0.0.1', PORT: '0', SHUTDOWN_DELAY_MS: '0', ...environment },
        stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
        detached: true,
      }),
    );
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) {
      throw new Error('The service could not be started.');
    }
    return pid;
  }

  private read(line: string): void {
    if (line.startsWith('{')) {
      this.lines.push(JSON.parse(line) as LogLine);
    } else {
      this.noise.push(line);
    }
    this.waiting.forEach((look) => {
      look();
    });
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
  launch?: Launch,
): Promise<Service> {
  const process = ServiceProcess.spawn(environment, workingDirectory, launch);
  const { url } = (await process.line(({ msg }) => msg === 'listening')) as { url?: string };
  if (url === undefined) {
    throw new Error(`The service did not say where it listens: ${process.output()}`);
  }
  return served(process, url);
}

/** As `startService`, for a service whose log cannot be read: it is ready when it says so to a probe. */
export async function startUnread(port: number, environment: Environment, launch: Launch): Promise<Service> {
  const process = ServiceProcess.spawn({ PORT: String(port), ...environment }, undefined, launch);
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    await delay(20);
  }
  return served(process, url);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

function served(process: ServiceProcess, url: string): Service {
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
