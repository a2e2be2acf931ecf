import type { GraphSize } from './inference/graph-size.js';

const MEBIBYTE = 2 ** 20;
/** Of a process without a model, and of a supervisor. */
const PROCESS_BYTES = 150 * MEBIBYTE;
const SUPERVISOR_BYTES = 75 * MEBIBYTE;

/** What a session takes for each byte of the file. docs/performance.md has the measurements. */
const AT_REST = { trees: 9.5, compactTrees: 10, others: 2 };
const WHILE_MADE = { trees: 14, compactTrees: 9, largestCompactTrees: 16, others: 3 };

/** How many sessions share the memory. */
export interface Sessions {
  readonly processes: number;
  /** Of each process; 0 if passes run on the event loop. */
  readonly threads: number;
}

/** What all processes of the service take together, before requests come. */
export interface MemoryForecast {
  readonly restBytes: number;
  /** While each process makes its last session. */
  readonly peakBytes: number;
}

export function forecastMemory(size: GraphSize, { processes, threads }: Sessions): MemoryForecast {
  const { treeBytes, compactTreeBytes, largestCompactTreeBytes, otherBytes } = size;
  const fileBytes = treeBytes + compactTreeBytes + otherBytes;
  const restOfSession =
    AT_REST.trees * treeBytes + AT_REST.compactTrees * compactTreeBytes + AT_REST.others * otherBytes;
  const peakOfSession =
    WHILE_MADE.trees * treeBytes +
    WHILE_MADE.compactTrees * compactTreeBytes +
    WHILE_MADE.largestCompactTrees * largestCompactTreeBytes +
    WHILE_MADE.others * otherBytes;
  // With threads the file stays in memory, to replace one that ends.
  const base = PROCESS_BYTES + (threads > 0 ? fileBytes : 0);
  const sessions = Math.max(1, threads);
  const supervisorBytes = processes > 1 ? SUPERVISOR_BYTES : 0;
  return {
    restBytes: supervisorBytes + processes * (base + sessions * restOfSession),
    // A session is made of a copy of the file.
    peakBytes:
      supervisorBytes + processes * (base + fileBytes + (sessions - 1) * restOfSession + peakOfSession),
  };
}
