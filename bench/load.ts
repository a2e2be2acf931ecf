import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANSWER_TIMEOUT_MS,
  type HttpAnswer,
  HttpConnection,
  type HttpRequest,
  requestBytes,
  WrongAnswerError,
} from './http-connection.js';
import { planned } from './plan.js';
import { batchOf, checkedAnswers, type PredictionRequest, SINGLE } from './requests.js';
import type { RunningContender } from './running-contender.js';

export interface ClosedLoop {
  readonly request: PredictionRequest;
  readonly connections: number;
  /** It ends after this time, or so many requests. */
  readonly seconds?: number;
  readonly requestCount?: number;
}

export interface Throughput {
  readonly requestsPerSecond: number;
  /** Of all the contender's processes, in user and system mode. */
  readonly cpuSeconds: number;
  /** Hardly suffers when something else takes the contender's core. */
  readonly requestsPerCpuSecond: number;
  readonly latency: Quantiles;
}

export interface OpenLoop {
  readonly request: HttpRequest;
  /** Answers are counted by status. */
  readonly isRight: (answer: HttpAnswer) => boolean;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** Open at the same time; what is due while all are taken waits, and its wait counts. */
  readonly connections: number;
}

export interface Quantiles {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

export interface OpenLoopResult {
  /** From the moment at which a request was due to its answer, however late it was sent. */
  readonly latency: (status: number) => Quantiles;
  /** From the moment at which a request was due to the generator's turning to it. */
  readonly lateness: Quantiles;
}

const WARM_UP_SECONDS = planned(2);
/** Timers are late by up to a millisecond, so that only what is due more seldom may wait for one. */
const LEAST_TIMER_INTERVAL_MS = 5;

/** Has each connection send its next request when its answer is there. @throws {WrongAnswerError} */
export async function closedLoop(running: RunningContender, load: ClosedLoop): Promise<Throughput> {
  const { request, seconds = Infinity, requestCount = Infinity } = load;
  const { url } = running;
  const isRight = await judge(running, request);
  const bytes = requestBytes(url, request);
  const connections = await openAll(url, load.connections);
  const latency = createHistogram();
  const cpuSecondsBefore = running.cpuSeconds;
  const startedAtMs = performance.now();
  const endAtMs = startedAtMs + seconds * 1000;
  let sentCount = 0;
  await Promise.all(
    connections.map(async (connection) => {
      for (let nowMs = startedAtMs; nowMs < endAtMs && sentCount < requestCount; nowMs = performance.now()) {
        sentCount++;
        const answer = await connection.ask(bytes);
        if (!isRight(answer)) {
          throw new WrongAnswerError(`status ${answer.status} under load: ${answer.body.slice(0, 200)}`);
        }
        recordSince(latency, nowMs);
      }
      connection.close();
    }),
  );
  const tookSeconds = (performance.now() - startedAtMs) / 1000;
  const cpuSeconds = running.cpuSeconds - cpuSecondsBefore;
  return {
    requestsPerSecond: sentCount / tookSeconds,
    cpuSeconds,
    requestsPerCpuSecond: sentCount / cpuSeconds,
    latency: quantiles(latency),
  };
}

/** Has the code compiled before it is measured. */
export async function warmUp(running: RunningContender): Promise<void> {
  await closedLoop(running, { request: SINGLE, connections: 32, seconds: WARM_UP_SECONDS });
  await closedLoop(running, { request: batchOf(100), connections: 8, seconds: WARM_UP_SECONDS });
}

/** Sends requests at a constant rate, whether or not the earlier ones are answered. @throws {WrongAnswerError} */
export async function openLoop(url: string, plan: OpenLoop): Promise<OpenLoopResult> {
  const { requestsPerSecond, seconds, isRight } = plan;
  const bytes = requestBytes(url, plan.request);
  const connections = await openAll(url, plan.connections);
  const idle = [...connections];
  const overdue: number[] = [];
  const intervalMs = 1000 / requestsPerSecond;
  const requestCount = Math.floor(requestsPerSecond * seconds);
  const latencies = new Map<number, RecordableHistogram>();
  const lateness = createHistogram();
  let answeredCount = 0;
  let wrongCount = 0;

  const send = (connection: HttpConnection, dueAtMs: number): void => {
    connection.send(bytes, (answer) => {
      answeredCount++;
      wrongCount += isRight(answer) ? 0 : 1;
      const latency = latencies.get(answer.status) ?? createHistogram();
      latencies.set(answer.status, latency);
      recordSince(latency, dueAtMs);
      const next = overdue.shift();
      if (next === undefined) {
        idle.push(connection);
      } else {
        send(connection, next);
      }
    });
  };

  const startAtMs = performance.now() + intervalMs;
  for (let index = 0; index < requestCount; index++) {
    const dueAtMs = startAtMs + index * intervalMs;
    await until(dueAtMs, intervalMs);
    recordSince(lateness, dueAtMs);
    const connection = idle.shift();
    if (connection === undefined) {
      overdue.push(dueAtMs);
    } else {
      send(connection, dueAtMs);
    }
  }
  const deadlineMs = performance.now() + ANSWER_TIMEOUT_MS;
  while (answeredCount < requestCount && performance.now() < deadlineMs) {
    await sleep(1);
  }
  connections.forEach((connection) => {
    connection.close();
  });
  if (wrongCount > 0 || answeredCount < requestCount) {
    throw new WrongAnswerError(
      `of ${requestCount} answers ${wrongCount} were wrong, and ${requestCount - answeredCount} missing`,
    );
  }
  return {
    latency: (status) => quantiles(latencies.get(status) ?? createHistogram()),
    lateness: quantiles(lateness),
  };
}

/** Asks whether the service is alive, so many times a second. @throws {WrongAnswerError} */
export async function probeLive(url: string, probesPerSecond: number, seconds: number): Promise<Quantiles> {
  const { latency } = await openLoop(url, {
    request: { method: 'GET', path: '/health/live' },
    isRight: ({ status }) => status === 200,
    requestsPerSecond: probesPerSecond,
    seconds,
    connections: 32,
  });
  return latency(200);
}

/** Tells whether an answer is that which was proven right, but for a batch's latency, or one of these refusals. */
export async function judge(
  { url, contender }: RunningContender,
  request: PredictionRequest,
  refusals: readonly number[] = [],
): Promise<OpenLoop['isRight']> {
  const [text = ''] = await checkedAnswers(url, contender.answers, [request]);
  const [constantPart = ''] = text.split('"latency_ms"');
  return ({ status, body }) => (status === 200 ? body.startsWith(constantPart) : refusals.includes(status));
}

async function openAll(url: string, count: number): Promise<HttpConnection[]> {
  return Promise.all(Array.from({ length: count }, () => HttpConnection.open(url)));
}

/** Spins between requests that follow closely: a timer would be late. */
async function until(dueAtMs: number, intervalMs: number): Promise<void> {
  for (let waitMs = dueAtMs - performance.now(); waitMs > 0; waitMs = dueAtMs - performance.now()) {
    if (intervalMs >= LEAST_TIMER_INTERVAL_MS) {
      await sleep(waitMs);
    } else {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function recordSince(histogram: RecordableHistogram, dueAtMs: number): void {
  histogram.record(Math.max(1, Math.round((performance.now() - dueAtMs) * 1e6)));
}

/** NaN where nothing was recorded. */
function quantiles(histogram: RecordableHistogram): Quantiles {
  const { count } = histogram;
  const percentileMs = (percent: number): number => (count > 0 ? histogram.percentile(percent) / 1e6 : NaN);
  return { count, p50Ms: percentileMs(50), p99Ms: percentileMs(99), p999Ms: percentileMs(99.9) };
}
