/** The paths of probes, which have no API key. */
export const PROBE_PATHS = /^\/health(\/|$)/i;

/** The path that Prometheus scrapes. */
export const METRICS_PATH = /^\/metrics\/?$/i;

/**
 * Whether machines ask for the path many times a minute. Such a path is answered under any load and is not traced. Its
 * log lines would hide the others.
 */
export function isAskedByMachines(path: string): boolean {
  return PROBE_PATHS.test(path) || METRICS_PATH.test(path);
}
