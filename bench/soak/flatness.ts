import { median } from '../rounds.js';
import type { Sample } from './recorder.js';

/** A figure of the service that must neither grow nor fall while it runs. */
export interface Vital {
  readonly name: string;
  readonly unit: string;
  readonly of: (sample: Sample) => number;
  /** Of the late median over the early one; none for what depends on the machine's other work. */
  readonly bound?: readonly ['<=' | '>=', number];
}

export interface Verdict {
  readonly vital: Vital;
  /** Median of the second fifth of the run. */
  readonly early: number;
  /** Median of the last fifth. */
  readonly late: number;
  /** Undefined without a bound. */
  readonly isFlat: boolean | undefined;
}

export const RULE = `The run is cut into fifths. The first does not count: code is compiled and pools fill. A figure is
flat if its median over the last fifth keeps its bound to its median over the second. The live heap is what is left after a
collection of garbage, which is asked for every ten seconds and is the only difference to the service as it runs. RSS has a
wider bound, since it grows in steps: the process keeps the pages of the largest heap that it had between two collections.
Requests per second have none, since they are also up to what else the machine does.`;

/** Where the fifths that are compared begin and end, as shares of the run. */
export const EARLY = [0.2, 0.4] as const;
export const LATE = [0.8, 1] as const;

export const VITALS: readonly Vital[] = [
  { name: 'RSS', unit: 'MiB', of: ({ residentMiB }) => residentMiB, bound: ['<=', 1.2] },
  { name: 'live heap', unit: 'MiB', of: ({ liveHeapMiB }) => liveHeapMiB ?? NaN, bound: ['<=', 1.05] },
  { name: 'heap used', unit: 'MiB', of: ({ heapMiB }) => heapMiB, bound: ['<=', 1.25] },
  { name: 'external memory', unit: 'MiB', of: ({ externalMiB }) => externalMiB, bound: ['<=', 1.1] },
  { name: 'open files and sockets', unit: '', of: ({ handleCount }) => handleCount, bound: ['<=', 1.1] },
  {
    name: 'event-loop delay, p99',
    unit: 'ms',
    of: ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms,
    bound: ['<=', 1.5],
  },
  {
    name: 'requests per CPU-second',
    unit: '',
    of: ({ requestsPerCpuSecond }) => requestsPerCpuSecond,
    bound: ['>=', 0.8],
  },
  { name: 'requests per second', unit: '', of: ({ requestsPerSecond }) => requestsPerSecond },
];

export function judge(samples: readonly Sample[]): Verdict[] {
  return VITALS.map((vital) => {
    const early = medianOf(vital, samples, EARLY);
    const late = medianOf(vital, samples, LATE);
    return { vital, early, late, isFlat: keeps(late / early, vital.bound) };
  });
}

function keeps(ratio: number, bound: Vital['bound']): boolean | undefined {
  if (bound === undefined) {
    return undefined;
  }
  const [comparison, limit] = bound;
  return comparison === '<=' ? ratio <= limit : ratio >= limit;
}

function medianOf({ of }: Vital, samples: readonly Sample[], [from, to]: readonly [number, number]): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.floor(samples.length * to));
  return median(part.map(of)) ?? NaN;
}
