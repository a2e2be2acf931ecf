import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkedAnswer, constantPart } from './answer-check.js';
import { GENERATOR_CORE } from './cores.js';
import { ANSWER_TIMEOUT_MS, WrongAnswerError } from './http-connection.js';
import { cpuSeconds } from './process-tree.js';
import { batchOf, type PredictionRequest, SINGLE } from './requests.js';
import type { RunningContender } from './running-contender.js';

export interface ClosedLoop {
  readonly request: PredictionRequest;
  /** Each sends its next request when its answer is there. */
  readonly connections: number;
  readonly seconds: number;
  /** Of the generator. */
  readonly cores?: string;
}

export interface Throughput {
  readonly requestsPerSecond: number;
  /** Of all the contender's processes, in user and system mode. */
  readonly cpuSeconds: number;
  /** Hardly suffers when something else takes the contender's core. */
  readonly requestsPerCpuSecond: number;
  readonly p50Ms: number;
}

/** What wrk.lua prints last. */
interface Summary {
  readonly requests: number;
  readonly durationUs: number;
  readonly wrong: number;
  readonly failed: number;
  readonly p50Us: number;
}

/** Loads a contender by wrk, which checks every answer. @throws {WrongAnswerError} if one is wrong or missing */
export async function loadByWrk(
  running: RunningContender,
  { request, connections, seconds, cores = GENERATOR_CORE }: ClosedLoop,
): Promise<Throughput> {
  const expected = constantPart(await checkedAnswer(running, request));
  const cpuSecondsBefore = cpuSeconds(running.pid);
  const { stdout } = await promisify(execFile)('taskset', [
    ...['--cpu-list', cores, 'wrk', '--threads=1', `--connections=${connections}`, `--duration=${seconds}s`],
    ...[`--timeout=${ANSWER_TIMEOUT_MS / 1000}s`, '--script=bench/wrk.lua', running.url + request.path],
    ...['--', request.body, expected],
  ]);
  const cpuSecondsTaken = cpuSeconds(running.pid) - cpuSecondsBefore;
  const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;
  const { requests, durationUs, wrong, failed, p50Us } = summary;
  if (wrong > 0 || failed > 0) {
    throw new WrongAnswerError(`of ${requests} answers ${wrong} were wrong, and ${failed} requests failed`);
  }
  return {
    requestsPerSecond: requests / (durationUs / 1e6),
    cpuSeconds: cpuSecondsTaken,
    requestsPerCpuSecond: requests / cpuSecondsTaken,
    p50Ms: p50Us / 1000,
  };
}

/** Has the code compiled before it is measured. Wrong answers have no consequence yet: the measurement meets them again. */
export async function warmUp(running: RunningContender, seconds: number): Promise<void> {
  try {
    await loadByWrk(running, { request: SINGLE, connections: 32, seconds });
    await loadByWrk(running, { request: batchOf(100), connections: 8, seconds });
  } catch (error) {
    if (!(error instanceof WrongAnswerError)) {
      throw error;
    }
  }
}
