import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { WrongAnswerError } from './wrong-answer.error.js';
import { type HttpAnswer, HttpConnection, type HttpRequest, requestBytes } from './http-connection.js';

export interface OpenLoop {
  readonly request: HttpRequest;
  /** What an answer is counted as; undefined if it is wrong. */
  readonly outcomeOf: (answer: HttpAnswer) => string | undefined;
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
  /** From the moment at which a request was due to its answer, however late it was sent; by outcome. */
  readonly latency: ReadonlyMap<string, Quantiles>;
  /** From the moment at which a request was due to the generator's turning to it. */
  readonly lateness: Quantiles;
}

const ANSWER_TIMEOUT_MS = 30_000;
/** Timers are late by up to a millisecond, so that only what is due more seldom may wait for one. */
const LEAST_TIMER_INTERVAL_MS = 5;

/**
 * Sends requests at a constant rate, whether or not the earlier ones are answered. What is due while all connections are
 * taken waits, and its wait counts.
 *
 * @throws {WrongAnswerError} if an answer is wrong or missing
 */
export async function openLoop(url: string, plan: OpenLoop): Promise<OpenLoopResult> {
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => HttpConnection.open(url)),
  );
  try {
    return await run(connections, requestBytes(url, plan.request), plan);
  } finally {
    connections.forEach((connection) => {
      connection.close();
    });
  }
}

async function run(idle: HttpConnection[], bytes: Buffer, plan: OpenLoop): Promise<OpenLoopResult> {
  const { requestsPerSecond, seconds, outcomeOf } = plan;
  const intervalMs = 1000 / requestsPerSecond;
  const requestCount = Math.floor(requestsPerSecond * seconds);
  const latency = new Map<string, RecordableHistogram>();
  const lateness = createHistogram();
  const available = [...idle];
  const overdue: number[] = [];
  let answeredCount = 0;
  let wrongCount = 0;

  const send = (connection: HttpConnection, dueAtMs: number): void => {
    connection.send(bytes, (answer) => {
      answeredCount++;
      const outcome = outcomeOf(answer);
      if (outcome === undefined) {
        wrongCount++;
      } else {
        recordSince(getOrAdd(latency, outcome), dueAtMs);
      }
      const next = overdue.shift();
      if (next === undefined) {
        available.push(connection);
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
    const connection = available.shift();
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
  if (wrongCount > 0 || answeredCount < requestCount) {
    throw new WrongAnswerError(
      `of ${requestCount} answers ${wrongCount} were wrong, and ${requestCount - answeredCount} missing`,
    );
  }
  return {
    latency: new Map(Array.from(latency, ([outcome, histogram]) => [outcome, quantiles(histogram)])),
    lateness: quantiles(lateness),
  };
}

/** Spins between requests that follow closely: a timer would be late. */
async function until(dueAtMs: number, intervalMs: number): Promise<void> {
  for (let waitMs = dueAtMs - performance.now(); waitMs > 0; waitMs = dueAtMs - performance.now()) {
    if (intervalMs >= LEAST_TIMER_INTERVAL_MS) {
      await sleep(waitMs);
    } else {
      await nextTurn();
    }
  }
}

async function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function getOrAdd(histograms: Map<string, RecordableHistogram>, outcome: string): RecordableHistogram {
  const histogram = histograms.get(outcome) ?? createHistogram();
  histograms.set(outcome, histogram);
  return histogram;
}

function recordSince(histogram: RecordableHistogram, dueAtMs: number): void {
  histogram.record(Math.max(1, Math.round((performance.now() - dueAtMs) * 1e6)));
}

function quantiles(histogram: RecordableHistogram): Quantiles {
  const percentileMs = (percent: number): number => histogram.percentile(percent) / 1e6;
  return {
    count: histogram.count,
    p50Ms: percentileMs(50),
    p99Ms: percentileMs(99),
    p999Ms: percentileMs(99.9),
  };
}
