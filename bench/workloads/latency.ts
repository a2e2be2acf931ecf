import { setTimeout as sleep } from 'node:timers/promises';
import { BARE_ONNX, BEHIND_HAPROXY, PEERS, SERVICE, serviceWith } from '../contenders.js';
import { closedLoop, judge, openLoop as sendAtRate, probeLive, quantiles, warmUp } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { BOTH_CORES, inTurn, type RunningContender, SERVICE_CORE } from '../running-contender.js';
import { heavySettings } from '../heavy-model.js';
import { BUNDLED } from '../subject.js';

const PEAK_SECONDS = planned(5);

const SHARE = 0.8;
const OPEN_SECONDS = planned(10);
const OPEN_CONNECTIONS = 32;
export const AT_SHARE = '80 % of peak';

/** Times what can be answered. */
const OVERLOADS = [1.5, 2];
const HEAVY_OVERLOAD = 2;
const OVERLOAD_SECONDS = planned(60, 2);
const OVERLOAD_CONNECTIONS = 2000;
const BUDGET_MS = 1000;
const PROBES_PER_SECOND = 20;
const MEMORY_INTERVAL_SECONDS = 15;
const REST_MS = 1000;

/** Latency at an arrival rate that does not follow the answers. */
export const openLoop: Workload = {
  name: 'open-loop',
  title: 'Open loop',
  text: `Single predictions arrive at a constant rate, whether or not the earlier ones are answered. Latency counts
from the moment at which a request was due, so that waiting for a slow answer is not left out (coordinated omission).
Peak is the closed loop's rate at ${OPEN_CONNECTIONS} connections, measured in the same process just before. The generator's
lateness is how long after a request was due it turned to it: no latency is known better than that. Medians of ${ROUNDS}
rounds of ${OPEN_SECONDS} s.`,
  async *measure() {
    for await (const running of inTurn([SERVICE, BARE_ONNX, ...PEERS], SERVICE_CORE)) {
      await warmUp(running);
      const requestsPerSecond = SHARE * (await peak(running, OPEN_CONNECTIONS));
      const { latencies, lateness } = await sendAtRate(running.url, {
        request: BUNDLED.single,
        isRight: await judge(running, BUNDLED.single),
        requestsPerSecond,
        seconds: OPEN_SECONDS,
        connections: OPEN_CONNECTIONS,
      });
      const latency = latencies(200);
      yield* toRows(AT_SHARE, running.contender.name, {
        'offered requests/s': requestsPerSecond,
        ...quantiles(latency),
        'p99 over p50 (x)': latency.percentile(99) / latency.percentile(50),
        ...quantiles(lateness, 'lateness '),
      });
    }
  },
};

export const OF_PEAK = 'of the peak (x)';

/** The requests that are answered at this load. */
export function answeredAt(load: number): string {
  return `${overloadedBy('bundled model', load)}, status 200`;
}

function overloadedBy(model: string, load: number): string {
  return `${model}, ${load} x peak`;
}

/** What becomes of requests when more come than can be answered. */
export const overload: Workload = {
  name: 'overload',
  title: 'Overload',
  text: `Single predictions arrive for ${OVERLOAD_SECONDS} s at ${OVERLOADS.join(' and ')} times the rate that ${PEAK_SECONDS} s of a closed loop at 64
connections found to be the most, over up to ${OVERLOAD_CONNECTIONS} connections, each with a budget of ${BUDGET_MS} ms
(X-Request-Timeout-Ms). Latency counts from the moment at which a request was due. Each request is answered, right (200) or
with 503 or 504, or the run fails. HAProxy, where it is installed, runs with \`deploy/haproxy/haproxy.cfg\` on the core of the
load. /health/live is asked ${PROBES_PER_SECOND} times a second. The heavy model's service may
use both cores.`,
  async *measure() {
    for (const load of OVERLOADS) {
      for await (const running of inTurn([SERVICE, ...BEHIND_HAPROXY], SERVICE_CORE, 1)) {
        const { name } = running.contender;
        yield* measureOverload(running.contender === SERVICE ? 'bundled model' : name, load, running);
      }
    }
    for await (const running of inTurn([serviceWith(heavySettings('heavy_row'))], BOTH_CORES, 1)) {
      yield* measureOverload('heavy_row', HEAVY_OVERLOAD, running);
    }
  },
};

async function* measureOverload(model: string, load: number, running: RunningContender): AsyncGenerator<Row> {
  const rows = (name: string, values: Readonly<Record<string, number>>): Row[] =>
    toRows(`${overloadedBy(model, load)}, ${name}`, SERVICE.name, values);
  await peak(running, 64); // Warms up.
  const closed = await peak(running, 64);
  const offered = load * closed;
  yield* rows('peak', { 'requests/s': closed });
  yield* rows('offered', { 'requests/s': offered });
  yield* rows('one caller at rest', await oneCaller(running));

  const memory = [running.residentMiB];
  const meter = setInterval(() => memory.push(running.residentMiB), MEMORY_INTERVAL_SECONDS * 1000);
  const plan = {
    request: { ...BUNDLED.single, headers: { 'X-Request-Timeout-Ms': String(BUDGET_MS) } },
    isRight: await judge(running, BUNDLED.single, [503, 504]),
    requestsPerSecond: offered,
    seconds: OVERLOAD_SECONDS,
    connections: OVERLOAD_CONNECTIONS,
  };
  const [{ latencies }, probes] = await Promise.all([
    sendAtRate(running.url, plan),
    probeLive(running.url, PROBES_PER_SECOND, OVERLOAD_SECONDS),
  ]);
  clearInterval(meter);
  await sleep(REST_MS);
  yield* rows(`one caller ${REST_MS / 1000} s after the load`, await oneCaller(running));
  for (const status of [200, 503, 504]) {
    const latency = latencies(status);
    yield* rows(`status ${status}`, {
      'requests/s': latency.count / OVERLOAD_SECONDS,
      '% of offered': (100 * latency.count) / OVERLOAD_SECONDS / offered,
      ...(status === 200 && { [OF_PEAK]: latency.count / OVERLOAD_SECONDS / closed }),
      ...quantiles(latency),
    });
  }
  yield* rows('/health/live', quantiles(probes));
  for (const [index, mebibytes] of memory.entries()) {
    yield* rows(`after ${index * MEMORY_INTERVAL_SECONDS} s`, { 'RSS (MiB)': mebibytes });
  }
}

/** In requests per second. */
async function peak(running: RunningContender, connections: number): Promise<number> {
  const { perSecond } = await closedLoop(running, {
    request: BUNDLED.single,
    connections,
    seconds: PEAK_SECONDS,
  });
  return perSecond;
}

async function oneCaller(running: RunningContender): Promise<Record<string, number>> {
  const { latencies } = await closedLoop(running, { request: BUNDLED.single, connections: 1, seconds: 2 });
  return quantiles(latencies);
}
