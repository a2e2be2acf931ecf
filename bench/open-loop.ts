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

export interface OpenLoop {
  readonly request: HttpRequest;
  /** Answers are counted by status. */
  readonly isRight: (answer: HttpAnswer) => boolean;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** Open at the same time; what is due while all are taken waits. */
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

/** Timers are late by up to a millisecond, so that only what is due more seldom may wait for one. */
const LEAST_TIMER_INTERVAL_MS = 5;

/**
 * Sends requests at a constant rate, whether or not the earlier ones are answered. What is due while all connections are
 * taken waits, and its wait counts.
 *
 * @throws {WrongAnswerError} if an answer is wrong or missing
 */
export async function openLoop(url: string, plan: OpenLoop): Promise<OpenLoopResult> {
  const { requestsPerSecond, seconds, isRight } = plan;
  const bytes = requestBytes(url, plan.request);
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => HttpConnection.open(url)),
  );
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
