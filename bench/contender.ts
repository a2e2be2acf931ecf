import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection, requestBytes } from './http-connection.js';
import { killTree } from './process-tree.js';
import { SINGLE } from './requests.js';

/** Something that answers, or pretends to answer, predictions over HTTP. */
export interface Contender {
  readonly name: string;
  /** An echo answers with the body that it got; of what an unverified model should answer nothing is known. */
  readonly answers: 'predictions' | 'echo' | 'predictions of an unverified model';
  readonly command: (port: number) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const READY_POLL_MS = 2;

// Below the ports that the kernel gives to clients: whoever polls one of those before anybody listens on it may be
// connected to itself. Two runs at the same time keep out of each other's way.
let nextPort = 18_000 + (process.pid % 100) * 100;

const running = new Set<ChildProcess>();

// A run that fails or is interrupted leaves no process behind.
process.once('exit', () => {
  running.forEach(killContender);
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** A contender's process. Its stdout goes straight to /dev/null, as does everybody's. */
export class RunningContender {
  private readonly exit: Promise<unknown>;

  private constructor(
    readonly contender: Contender,
    readonly url: string,
    /** From the start of the process to its first answered prediction. */
    readonly startMs: number,
    private readonly child: ChildProcess,
  ) {
    this.exit = once(child, 'exit');
  }

  /** Resolves when the contender answers predictions. @param cores to which it is pinned */
  static async start(contender: Contender, cores: string): Promise<RunningContender> {
    const port = nextPort++;
    const url = `http://127.0.0.1:${port}`;
    const { PATH = '' } = process.env;
    const stdout = openSync('/dev/null', 'w');
    const startedAtMs = performance.now();
    const child = spawn('taskset', ['--cpu-list', cores, ...contender.command(port)], {
      cwd: contender.workingDirectory,
      env: { PATH, HOST: '127.0.0.1', PORT: String(port), ...contender.environment },
      stdio: ['ignore', stdout, 'pipe'],
    });
    closeSync(stdout);
    running.add(child);
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    while (!(await answers(url))) {
      if (child.exitCode !== null || performance.now() - startedAtMs > START_TIMEOUT_MS) {
        const command = contender.command(port).join(' ');
        throw new Error(`${contender.name} did not start by ${command} on port ${port}: ${lastWords}`);
      }
      await sleep(READY_POLL_MS);
    }
    return new RunningContender(contender, url, performance.now() - startedAtMs, child);
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => {
      killContender(this.child);
    }, STOP_TIMEOUT_MS);
    await this.exit;
    clearTimeout(patience);
    running.delete(this.child);
  }
}

/** Starts a contender, and stops it when the work is done or has failed. */
export async function withContender<T>(
  contender: Contender,
  cores: string,
  work: (running: RunningContender) => Promise<T>,
): Promise<T> {
  const contenderRunning = await RunningContender.start(contender, cores);
  try {
    return await work(contenderRunning);
  } finally {
    await contenderRunning.stop();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const connection = await HttpConnection.open(url);
    const { status } = await connection.ask(requestBytes(url, { method: 'POST', ...SINGLE }));
    connection.close();
    return status === 200;
  } catch {
    return false;
  }
}

function killContender({ pid }: ChildProcess): void {
  if (pid !== undefined) {
    killTree(pid);
  }
}
