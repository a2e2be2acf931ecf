import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANSWER_TIMEOUT_MS,
  type HttpAnswer,
  HttpConnection,
  type HttpRequest,
  requestBytes,
} from './http-connection.js';
import { planned } from './plan.js';
import { checkedAnswers, type PredictionRequest } from './subject.js';
import type { RunningContender } from './running-contender.js';

/** The bytes of a request, and how its answer is judged. */
export interface Exchange {
  readonly bytes: Buffer;
  readonly isRight: (answer: HttpAnswer) => boolean;
  readonly onNewConnection?: boolean;
  /** If given, the client leaves before the answer, without having sent so many. */
  readonly missingBytes?: number;
}

export interface OpenLoop extends Pick<Exchange, 'isRight'> {
  readonly request: HttpRequest;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** Open at the same time; what is due while all are taken waits, and its wait counts. */
  readonly connections: number;
}

const WARM_UP_SECONDS = planned(2);
const OVERLOADED = 503;
const TOO_LATE = 504;
/** Timers are late by up to a millisecond, so that only what is due more seldom may wait for one. */
const LEAST_TIMER_INTERVAL_MS = 5;

/**
 * Has so many clients make one exchange after the other, until there is no next one.
 *
 * @returns the latencies, in ns
 * @throws {Error} if an answer is wrong or missing
 */
export async function runClients(
  url: string,
  clientCount: number,
  next: () => Exchange | undefined,
): Promise<RecordableHistogram> {
  const latencies = createHistogram();
  const runClient = async (): Promise<void> => {
    let connection: HttpConnection | undefined;
    for (let exchange = next(); exchange !== undefined; exchange = next()) {
      const { bytes, isRight, onNewConnection = false, missingBytes } = exchange;
      if (onNewConnection) {
        connection?.close();
        connection = undefined;
      }
      connection ??= await HttpConnection.open(url);
      if (missingBytes !== undefined) {
        connection.send(bytes.subarray(0, bytes.length - missingBytes), () => undefined);
        connection[Math.random() < 0.5 ? 'close' : 'reset']();
        connection = undefined;
        continue;
      }
      const sentAtMs = performance.now();
      const answer = await connection.ask(bytes);
      if (!isRight(answer)) {
        const [asked, got] = [bytes.toString('utf8'), answer.body].map((text) => text.slice(0, 500));
        throw new Error(`status ${answer.status} and ${got}\n  to ${asked}`);
      }
      recordSince(latencies, sentAtMs);
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: clientCount }, runClient));
  return latencies;
}

/**
 * A closed loop: each connection sends its next request when its answer is there. Refusals for overload count for nothing: so
 * many connections can send at once on a slow machine that the service has no time for all.
 */
export async function closedLoop(
  running: RunningContender,
  load: { request: PredictionRequest; connections: number; seconds?: number; requestCount?: number },
): Promise<{ perSecond: number; perCpuSecond: number; cpuSeconds: number; latencies: RecordableHistogram }> {
  const { request, connections, seconds = Infinity, requestCount = Infinity } = load;
  const isRight = await judge(running, request, [OVERLOADED]);
  let refusedCount = 0;
  const exchange: Exchange = {
    bytes: requestBytes(running.url, request),
    isRight: (answer) => {
      refusedCount += answer.status === OVERLOADED ? 1 : 0;
      return isRight(answer);
    },
  };
  const cpuSecondsBefore = running.cpuSeconds;
  const startedAtMs = performance.now();
  let sentCount = 0;
  const latencies = await runClients(running.url, connections, () => {
    const isOver = performance.now() - startedAtMs >= seconds * 1000 || sentCount++ >= requestCount;
    return isOver ? undefined : exchange;
  });
  const tookSeconds = (performance.now() - startedAtMs) / 1000;
  const cpuSeconds = running.cpuSeconds - cpuSecondsBefore;
  const count = latencies.count - refusedCount;
  return { perSecond: count / tookSeconds, perCpuSecond: count / cpuSeconds, cpuSeconds, latencies };
}

/** Has the code compiled before it is measured. */
export async function warmUp(running: RunningContender): Promise<void> {
  const { subject } = running.contender;
  await closedLoop(running, { request: subject.single, connections: 32, seconds: WARM_UP_SECONDS });
  await closedLoop(running, { request: subject.batchOf(100), connections: 8, seconds: WARM_UP_SECONDS });
}

/**
 * Sends requests at a constant rate, whether or not the earlier ones are answered.
 *
 * @returns the latencies in ns, by status, from the moment at which a request was due to its answer, however late it was
 *   sent; and how late the generator turned to each
 * @throws {Error} if an answer is wrong or missing
 */
export async function openLoop(
  url: string,
  { request, isRight, requestsPerSecond, seconds, connections: connectionCount }: OpenLoop,
): Promise<{ latencies: (status: number) => RecordableHistogram; lateness: RecordableHistogram }> {
  const bytes = requestBytes(url, request);
  const connections = await Promise.all(
    Array.from({ length: connectionCount }, () => HttpConnection.open(url)),
  );
  const idle = [...connections];
  const overdue: number[] = [];
  const intervalMs = 1000 / requestsPerSecond;
  const requestCount = Math.floor(requestsPerSecond * seconds);
  const byStatus = new Map<number, RecordableHistogram>();
  const latencies = (status: number): RecordableHistogram => byStatus.get(status) ?? createHistogram();
  const lateness = createHistogram();
  let answeredCount = 0;
  let wrongCount = 0;

  const send = (connection: HttpConnection, dueAtMs: number): void => {
    connection.send(bytes, (answer) => {
      answeredCount++;
      wrongCount += isRight(answer) ? 0 : 1;
      const histogram = latencies(answer.status);
      byStatus.set(answer.status, histogram);
      recordSince(histogram, dueAtMs);
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
    throw new Error(
      `of ${requestCount} answers ${wrongCount} were wrong, and ${requestCount - answeredCount} missing`,
    );
  }
  return { latencies, lateness };
}

/**
 * Callers that ask again and again for what predictions go before. One that is refused (503) waits as long as Retry-After says, and
 * one may be late (504).
 *
 * @returns how many are answered in a second
 */
export async function callPatiently(
  url: string,
  request: HttpRequest,
  callerCount: number,
  seconds: number,
): Promise<number> {
  const bytes = requestBytes(url, request);
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + seconds * 1000;
  const call = async (): Promise<number> => {
    const connection = await HttpConnection.open(url);
    let answeredCount = 0;
    for (let remainingMs = seconds * 1000; remainingMs > 0; remainingMs = endsAtMs - performance.now()) {
      const { status, retryAfterMs = 0 } = await connection.ask(bytes);
      if (![200, OVERLOADED, TOO_LATE].includes(status)) {
        throw new Error(`${request.path} has the status ${status}`);
      }
      answeredCount += Number(status === 200);
      await sleep(Math.min(retryAfterMs, Math.max(0, endsAtMs - performance.now())));
    }
    connection.close();
    return answeredCount;
  };
  const counts = await Promise.all(Array.from({ length: callerCount }, call));
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - startedAtMs) / 1000);
}

/** Asks whether the service is alive, so many times a second. @returns latencies */
export async function probeLive(
  url: string,
  requestsPerSecond: number,
  seconds: number,
): Promise<RecordableHistogram> {
  const request = { method: 'GET', path: '/health/live' } as const;
  const isRight = ({ status }: HttpAnswer): boolean => status === 200;
  return (await openLoop(url, { request, isRight, requestsPerSecond, seconds, connections: 32 })).latencies(
    200,
  );
}

/** Tells whether an answer is that which was proven right, but for a batch's latency, or one of these refusals. */
export async function judge(
  { url, contender }: RunningContender,
  request: PredictionRequest,
  refusals: readonly number[] = [],
): Promise<Exchange['isRight']> {
  const [text = ''] = await checkedAnswers(url, contender, [request]);
  const [constantPart = ''] = text.split('"latency_ms"');
  return ({ status, body }) => (status === 200 ? body.startsWith(constantPart) : refusals.includes(status));
}

/** NaN where nothing was recorded. @param what they are the latencies of */
export function quantiles(histogram: RecordableHistogram, what = ''): Record<string, number> {
  const ms = (percent: number): number => (histogram.count > 0 ? histogram.percentile(percent) / 1e6 : NaN);
  return { [`${what}p50 (ms)`]: ms(50), [`${what}p99 (ms)`]: ms(99) };
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
