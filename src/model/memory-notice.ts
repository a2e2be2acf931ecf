import { availableParallelism, totalmem } from 'node:os';
import type { Settings } from '../config/settings.js';
import { workerCount } from '../config/worker-count.js';
import { sizeOfGraph } from './inference/graph-size.js';
import { likelyThreadCount } from './inference/inference-plan.js';
import { forecastMemory } from './memory-forecast.js';
import { memoryLimitBytes } from './memory-limit.js';

const MEBIBYTE = 2 ** 20;

/** A log line that is written before the model is loaded: the kernel may kill the process while it is. */
export interface MemoryNotice {
  readonly level: 'info' | 'warn';
  readonly fields: Readonly<Record<string, number>>;
  readonly message: string;
}

/** @param limitBytes of the memory that all processes share */
export function memoryNotice(
  model: Uint8Array,
  settings: Pick<Settings, 'inferenceThreads' | 'maxBatchRows' | 'workers'>,
  limitBytes = memoryLimitBytes(process.constrainedMemory(), totalmem()),
): MemoryNotice {
  const processes = workerCount(settings);
  const threads = likelyThreadCount(settings, model.length, availableParallelism());
  const { restBytes, peakBytes } = forecastMemory(sizeOfGraph(model), { processes, threads });
  const fields = {
    model_bytes: model.length,
    sessions: processes * Math.max(1, threads),
    expected_rest_bytes: Math.round(restBytes),
    expected_peak_bytes: Math.round(peakBytes),
    memory_limit_bytes: limitBytes,
  };
  if (peakBytes <= limitBytes) {
    return { level: 'info', fields, message: 'the model fits into memory' };
  }
  return {
    level: 'warn',
    fields,
    message:
      'the model will hardly fit into memory, so that the kernel may kill the process: ' +
      `raise the limit to ${Math.ceil(peakBytes / MEBIBYTE)} MiB or more, lower WORKERS or INFERENCE_THREADS, ` +
      'or export the model again: churn-bundle writes large forests in a third of the size, and fewer or smaller trees take less',
  };
}
