import { type Environment, type LogLine, type Service, startService } from './service.js';

export const ALL_READY = 'all workers are ready';

/** Whether a line has this message. */
export function says(message: string | RegExp): (line: LogLine) => boolean {
  return ({ msg }) => (typeof message === 'string' ? msg === message : message.test(msg));
}

/** Starts a service of two workers, and waits until both serve. */
export async function startTwoWorkers(environment: Environment = {}): Promise<Service> {
  const service = await startService({ WORKERS: '2', ...environment });
  await service.process.line(says(ALL_READY));
  // Each process writes its own lines, so that these may come later.
  await service.process.lineCount(says('listening'), 2);
  return service;
}

/** Process ids of the workers, in the order in which they became ready. */
export function workerPids({ process }: Service): number[] {
  return process.lines.filter(says('listening')).map(({ pid }) => pid as number);
}
