import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from './contenders.js';
import { askInTurn, type HttpRequest } from './http-connection.js';
import { GENERATOR_CORE, ROUNDS } from './plan.js';

import type { VitalSigns } from './vital-signs-preload.js';
import { checkedAnswers } from './subject.js';

/** Lists of cores as taskset takes them. */
export const SERVICE_CORE = '0';
export const BOTH_CORES = '0,1';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const READY_POLL_MS = 2;

/** Fields of proc(5)'s stat, counted from the one after the name. */
const GROUP = 2;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const RESIDENT_PAGES = 21;
const TICKS_PER_SECOND = configured('CLK_TCK');
const PAGES_PER_MIB = 2 ** 20 / configured('PAGESIZE');

// Below the ports that the kernel gives to clients: whoever polls one of those before anybody listens on it may be
// connected to itself. Two runs at the same time keep out of each other's way.
let nextPort = 18_000 + (process.pid % 100) * 100;

const running = new Set<ChildProcess>();

// A run that fails or is interrupted leaves no process behind.
process.once('exit', () => {
  running.forEach(killGroup);
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Keeps this process, and what it starts without a pin of its own, off the service's core. */
export function pinToGeneratorCore(): void {
  if (availableParallelism() < 2) {
    throw new Error('The benchmark needs two cores: one for the contender, one for the load.');
  }
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', GENERATOR_CORE, String(process.pid)]);
}

/** Has each of the contenders run alone, started anew in each round. */
export async function* inTurn(
  contenders: readonly Contender[],
  cores: string,
  rounds = ROUNDS,
): AsyncGenerator<RunningContender> {
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      await using running = await RunningContender.start(contender, cores);
      yield running;
    }
  }
}

/** A contender's process group. Its stdout goes straight to /dev/null, as does everybody's. */
export class RunningContender implements AsyncDisposable {
  private constructor(
    readonly contender: Contender,
    readonly url: string,
    /** From the start of the process to its first answered prediction. */
    readonly startMs: number,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when the contender has given the right answers, if they are known. @param cores to which it is pinned */
  static async start(contender: Contender, cores: string): Promise<RunningContender> {
    const { name, command, environment } = contender;
    const port = nextPort++;
    const url = `http://127.0.0.1:${port}`;
    const { PATH = '' } = process.env;
    const startedAtMs = performance.now();
    const child = spawn('taskset', ['--cpu-list', cores, ...command], {
      env: { PATH, HOST: '127.0.0.1', PORT: String(port), ORT_DISABLE_TELEMETRY: '1', ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
    });
    running.add(child);
    let lastWords = '';
    child.stderr?.on('data', (text: Buffer) => (lastWords = (lastWords + text.toString()).slice(-2000)));
    while (!(await isReady(url, contender.probe ?? contender.subject.single))) {
      if (child.exitCode !== null || performance.now() - startedAtMs > START_TIMEOUT_MS) {
        throw new Error(`${name} did not start: ${lastWords}`);
      }
      await sleep(READY_POLL_MS);
    }
    const started = new RunningContender(contender, url, performance.now() - startedAtMs, child);
    if (contender.answers !== 'anything') {
      await checkedAnswers(url, contender);
    }
    return started;
  }

  get residentMiB(): number {
    return this.sum(RESIDENT_PAGES) / PAGES_PER_MIB;
  }

  /** In user and system mode. */
  get cpuSeconds(): number {
    return (this.sum(USER_TICKS) + this.sum(SYSTEM_TICKS)) / TICKS_PER_SECOND;
  }

  /** Open files and sockets of the process that was started. */
  get handleCount(): number {
    return readdirSync(`/proc/${this.child.pid ?? ''}/fd`).length;
  }

  async vitalSigns(): Promise<VitalSigns> {
    this.child.send('vital signs');
    const [signs] = (await once(this.child, 'message')) as [VitalSigns];
    return signs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.child, 'exit');
    const patience = setTimeout(killGroup, STOP_TIMEOUT_MS, this.child);
    if (this.child.kill('SIGTERM')) {
      await exit;
    }
    clearTimeout(patience);
    running.delete(this.child);
  }

  /** Over all processes of the group. */
  private sum(field: number): number {
    const stats = readdirSync('/proc').filter(Number).map(statOf);
    return stats
      .filter((stat) => stat[GROUP] === this.child.pid)
      .reduce((sum, stat) => sum + (stat[field] ?? 0), 0);
  }
}

function killGroup({ pid = NaN }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Empty if the process has ended. */
function statOf(pid: string): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Anything may stand in the name, which ends with the last bracket. The state after it is a letter.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return [];
  }
}

async function isReady(url: string, request: HttpRequest): Promise<boolean> {
  try {
    const [answer] = await askInTurn(url, [request]);
    return answer?.status === 200;
  } catch {
    return false;
  }
}

function configured(name: string): number {
  return Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
}
