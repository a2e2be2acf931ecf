import { drawPage, type Panel } from '../charts.js';
import { SERVICE } from '../contenders.js';
import { type Goal, grown } from '../goals.js';
import { figure } from '../render.js';
import { mediansOf, type Row, toRows } from '../rows.js';

/** How the service did in one second, and when since the start of the traffic. */
export interface Sample {
  readonly atSeconds: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Shares of the run. */
const SECOND = { name: 'second fifth', from: 0.2, to: 0.4 };
const LAST = { name: 'last fifth', from: 0.8, to: 1 };
/** Higher peaks are cut off: a second in which something else had the processor would flatten all others. */
const MOST_OVER_MEDIAN = 4;

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

function flat(metric: string, comparison: '<=' | '>=', limit: number): Goal {
  const what = `${metric}: last fifth over second`;
  return { what, bound: [comparison, limit, 'x'], figure: grown(LAST.name, SECOND.name, metric) };
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
  const xMax = samples.at(-1)?.atSeconds ?? 0;
  const medians = mediansOf(rowsOf(samples));
  const panels = Object.keys(samples[0]?.values ?? {}).map((title): Panel => {
    const points = samples.map(({ atSeconds, values }) => [atSeconds, values[title] ?? NaN] as const);
    const fifths = [SECOND, LAST].map(({ name, from, to }) => {
      return { from: from * xMax, to: to * xMax, median: medians(name, SERVICE.name, title) };
    });
    const medianLine = fifths.flatMap(
      ({ from, to, median }) =>
        [
          [from, median],
          [to, median],
          [to, NaN],
        ] as const,
    );
    const most = MOST_OVER_MEDIAN * (fifths.at(-1)?.median ?? NaN);
    return {
      title,
      kind: 'line',
      lines: [
        { name: 'each second', points },
        { name: 'median of the fifth', points: medianLine },
      ],
      bands: fifths.map(({ from, to }) => [from, to]),
      xMax,
      ...(points.some(([, value]) => value > most) && { yMax: most }),
      xLabel: (value) => `${figure(value)} s`,
      yLabel: figure,
    };
  });
  return drawPage("The service's memory, handles, delay and throughput during the soak", 2, panels);
}
