import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contenders.js';
import { askInTurn } from './http-connection.js';
import { killTree } from './process-tree.js';
import { SINGLE } from './requests.js';
import type { VitalSigns } from './vital-signs-preload.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const READY_POLL_MS = 2;

// Below the ports that the kernel gives to clients: whoever polls one of those before anybody listens on it may be
// connected to itself. Two runs at the same time keep out of each other's way.
let nextPort = 18_000 + (process.pid % 100) * 100;

const running = new Set<ChildProcess>();

// A run that fails or is interrupted leaves no process behind.
process.once('exit', () => {
  running.forEach(killTree);
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** A contender's process. Its stdout goes straight to /dev/null, as does everybody's. */
export class RunningContender implements AsyncDisposable {
  private constructor(
    readonly contender: Contender,
    readonly url: string,
    /** From the start of the process to its first answered prediction. */
    readonly startMs: number,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when the contender answers predictions. @param cores to which it is pinned */
  static async start(contender: Contender, cores: string): Promise<RunningContender> {
    const { name, command, environment, workingDirectory = '.', tellsVitalSigns = false } = contender;
    const port = nextPort++;
    const url = `http://127.0.0.1:${port}`;
    const { PATH = '' } = process.env;
    const startedAtMs = performance.now();
    const child = spawn('taskset', ['--cpu-list', cores, ...command(port)], {
      cwd: workingDirectory,
      env: { PATH, HOST: '127.0.0.1', PORT: String(port), ...environment },
      stdio: ['ignore', 'ignore', 'pipe', ...(tellsVitalSigns ? (['ipc'] as const) : [])],
    });
    running.add(child);
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    while (!(await answers(url))) {
      if (child.exitCode !== null || performance.now() - startedAtMs > START_TIMEOUT_MS) {
        throw new Error(`${name} did not start: ${lastWords}`);
      }
      await sleep(READY_POLL_MS);
    }
    return new RunningContender(contender, url, performance.now() - startedAtMs, child);
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  async vitalSigns(): Promise<VitalSigns> {
    this.child.send('vital signs');
    const [signs] = (await once(this.child, 'message')) as [VitalSigns];
    return signs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.child, 'exit');
    const patience = setTimeout(killTree, STOP_TIMEOUT_MS, this.child);
    if (this.child.kill('SIGTERM')) {
      await exit;
    }
    clearTimeout(patience);
    running.delete(this.child);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const [answer] = await askInTurn(url, [SINGLE]);
    return answer?.status === 200;
  } catch {
    return false;
  }
}
