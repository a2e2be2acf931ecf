import { SERVICE } from '../contenders.js';
import { type Goal, grown } from '../goals.js';
import { type Row, toRows } from '../rows.js';

/** How the service did in one second. */
export type Sample = Readonly<Record<string, number>>;

/** Shares of the run. */
const SECOND = { name: 'second fifth', from: 0.2, to: 0.4 };
const LAST = { name: 'last fifth', from: 0.8, to: 1 };

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
      .flatMap((sample) => toRows(name, SERVICE.name, sample)),
  );
}
