import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkedAnswer, constantPart } from './answer-check.js';
import type { RunningContender } from './contender.js';
import { GENERATOR_CORE } from './cores.js';
import { cpuSeconds } from './process-tree.js';
import { BENCH } from './paths.js';
import type { PredictionRequest } from './requests.js';
import { WrongAnswerError } from './wrong-answer.error.js';

const SCRIPT = join(BENCH, 'wrk/post.lua');
const TIMEOUT_SECONDS = 30;

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
  readonly p99Ms: number;
}

/** Loads a contender by wrk, which checks every answer. @throws {WrongAnswerError} if one is wrong or missing */
export async function loadByWrk(
  running: RunningContender,
  { request, connections, seconds, cores = GENERATOR_CORE }: ClosedLoop,
): Promise<Throughput> {
  const expected = constantPart(await checkedAnswer(running, request));
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const bodyFile = join(folder, 'body');
    const expectedFile = join(folder, 'expected');
    writeFileSync(bodyFile, request.body);
    writeFileSync(expectedFile, expected);
    const wrk = ['wrk', '--threads=1', `--connections=${connections}`, `--duration=${seconds}s`];
    const target = [`--timeout=${TIMEOUT_SECONDS}s`, `--script=${SCRIPT}`, running.url + request.path];
    const cpuSecondsBefore = cpuSeconds(running.pid);
    const { stdout } = await promisify(execFile)('taskset', [
      ...['--cpu-list', cores, ...wrk, ...target],
      ...['--', bodyFile, expectedFile],
    ]);
    return parse(stdout, cpuSeconds(running.pid) - cpuSecondsBefore);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What wrk/post.lua prints last. */
interface Summary {
  readonly requests: number;
  readonly durationUs: number;
  readonly wrong: number;
  readonly failed: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

function parse(stdout: string, cpuSeconds: number): Throughput {
  const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;
  const { requests, durationUs, wrong, failed, p50Us, p99Us } = summary;
  if (wrong > 0 || failed > 0) {
    throw new WrongAnswerError(`of ${requests} answers ${wrong} were wrong, and ${failed} requests failed`);
  }
  return {
    requestsPerSecond: requests / (durationUs / 1e6),
    cpuSeconds,
    requestsPerCpuSecond: requests / cpuSeconds,
    p50Ms: p50Us / 1000,
    p99Ms: p99Us / 1000,
  };
}
