import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawPage, type Panel } from '../charts.js';
import { SERVICE } from '../contenders.js';
import { type Goal, grown } from '../goals.js';
import { cpuSeconds } from '../process-tree.js';
import { figure } from '../render.js';
import { mediansOf, type Metric, type Row, toRows } from '../rows.js';
import type { RunningContender } from '../running-contender.js';
import type { Progress } from './traffic.js';

/** How the service did in one second, and when since the start of the traffic. */
export interface Sample {
  readonly atSeconds: number;
  readonly values: Readonly<Partial<Record<Metric, number>>>;
}

interface Fifth {
  readonly name: string;
  /** Shares of the run. */
  readonly from: number;
  readonly to: number;
}

const SECOND: Fifth = { name: 'second fifth', from: 0.2, to: 0.4 };
const LAST: Fifth = { name: 'last fifth', from: 0.8, to: 1 };

export const RULE = `The run is cut into fifths. The first does not count: code is compiled and pools fill. A figure is
flat if its median over the last fifth keeps its bound to its median over the second. The live heap is what is left after a
collection of garbage, which is asked for every ten seconds and is the only difference to the service as it runs. RSS has a
wider bound, since it grows in steps: the process keeps the pages of the largest heap that it had between two collections.
Requests per second have none, since they are also up to what else the machine does.`;

export const FLATNESS: readonly Goal[] = [
  flat('RSS (MiB)', '<=', 1.2),
  flat('live heap (MiB)', '<=', 1.05),
  flat('heap used (MiB)', '<=', 1.25),
  flat('external memory (MiB)', '<=', 1.1),
  flat('open files and sockets', '<=', 1.1),
  flat('event-loop delay p99 (ms)', '<=', 1.5),
  flat('requests/CPU-s', '>=', 0.8),
];

const MIB = 2 ** 20;
const INTERVAL_MS = 1000;
/** Higher peaks are cut off: a second in which something else had the processor would flatten all others. */
const MOST_OVER_MEDIAN = 4;

function flat(metric: Metric, comparison: '<=' | '>=', limit: number): Goal {
  const what = `${metric}: last fifth over second`;
  return { what, bound: [comparison, limit, 'x'], figure: grown(LAST.name, SECOND.name, metric) };
}

/** Samples the service once a second until it is told to stop. */
export async function record(
  running: RunningContender,
  progress: Progress,
  samples: Sample[],
  signal: AbortSignal,
): Promise<void> {
  const { pid } = running;
  const startMs = performance.now();
  let last = { atMs: startMs, requests: 0, cpuSeconds: cpuSeconds(pid) };
  await running.vitalSigns(); // Forgets what was before.
  for (;;) {
    await sleep(INTERVAL_MS);
    if (signal.aborted) {
      return;
    }
    const { memory, liveHeap, eventLoopDelayP99Ms } = await running.vitalSigns();
    const now = { atMs: performance.now(), requests: progress.requestCount, cpuSeconds: cpuSeconds(pid) };
    const requests = now.requests - last.requests;
    const values = {
      'RSS (MiB)': memory.rss / MIB,
      'live heap (MiB)': liveHeap / MIB,
      'heap used (MiB)': memory.heapUsed / MIB,
      'external memory (MiB)': memory.external / MIB,
      'open files and sockets': handleCount(pid),
      'event-loop delay p99 (ms)': eventLoopDelayP99Ms,
      'requests/CPU-s': requests / (now.cpuSeconds - last.cpuSeconds),
      'requests/s': (requests * 1000) / (now.atMs - last.atMs),
    };
    samples.push({ atSeconds: (now.atMs - startMs) / 1000, values });
    last = now;
  }
}

/** Open files and sockets. */
export function handleCount(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** The samples of the fifths that are compared. */
export function rowsOf(samples: readonly Sample[]): Row[] {
  return [SECOND, LAST].flatMap(({ name, from, to }) =>
    samples
      .slice(Math.floor(samples.length * from), Math.floor(samples.length * to))
      .flatMap(({ values }) => toRows(name, SERVICE.name, values)),
  );
}

/** An SVG with the course of each figure, the fifths that are compared, and their medians. */
export function plot(samples: readonly Sample[]): string {
  const seconds = samples.at(-1)?.atSeconds ?? 0;
  const medians = mediansOf(rowsOf(samples));
  const bands = [SECOND, LAST].map(({ from, to }) => [from * seconds, to * seconds] as const);
  const metrics = Object.keys(samples[0]?.values ?? {}) as Metric[];
  const panels = metrics.map((metric): Panel => {
    const points = samples.map(({ atSeconds, values }) => [atSeconds, values[metric] ?? NaN] as const);
    const early = medians(SECOND.name, SERVICE.name, metric);
    const late = medians(LAST.name, SERVICE.name, metric);
    const [[a, b] = [0, 0], [c, d] = [0, 0]] = bands;
    const medianLine = [
      [a, early],
      [b, early],
      [b, NaN],
      [c, late],
      [d, late],
    ] as const;
    const most = MOST_OVER_MEDIAN * late;
    return {
      title: metric,
      kind: 'line',
      lines: [
        { name: 'each second', points },
        { name: 'median of the fifth', points: medianLine },
      ],
      bands,
      xMax: seconds,
      ...(points.some(([, value]) => value > most) && { yMax: most }),
      xLabel: (value) => `${figure(value)} s`,
      yLabel: figure,
    };
  });
  return drawPage("The service's memory, handles, delay and throughput during the soak", 2, panels);
}
